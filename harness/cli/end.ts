import { exitCodes, GauntletError, messageOf } from '../core/errors.ts'

/**
 * The one place where an error becomes a line on standard error and an exit code. An error that we
 * throw on purpose is one line without a stack; any other is our defect and shows its stack.
 */
export function endWith(thrown: unknown): void {
  if (thrown === undefined) return
  if (thrown instanceof GauntletError) {
    process.stderr.write(`gauntlet: ${messageOf(thrown)}\n`)
    process.exitCode = thrown.exitCode
    return
  }
  const stack = thrown instanceof Error ? thrown.stack : String(thrown)
  process.stderr.write(
    `gauntlet: this is a defect of gauntlet itself, please report it: ${stack}\n`,
  )
  process.exitCode = exitCodes.inconclusive
}
