/**
 * Where a run tells a person what it does: one line a step, on standard error, so that standard
 * output stays the command's result.
 */
export interface Log {
  step(text: string): void
  warn(text: string): void
}

/** Lines on standard error, each behind `gauntlet: `. */
export function stderrLog(): Log {
  return {
    step: (text) => process.stderr.write(`gauntlet: ${text}\n`),
    warn: (text) => process.stderr.write(`gauntlet: warning: ${text}\n`),
  }
}

/** For tests, and for what has no reader. */
export const silentLog: Log = { step: () => {}, warn: () => {} }
