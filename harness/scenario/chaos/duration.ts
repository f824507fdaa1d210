import type { Depth } from '../scenario.ts'

/** How long a chaos lasts without `--duration`. */
const defaultDurationMs: Readonly<Record<Depth, number>> = {
  quick: 30_000,
  ci: 30_000,
  full: 300_000,
}

/** How long every chaos of a run lasts, in milliseconds. */
export function chaosDurationMs(run: {
  readonly depth: Depth
  readonly durationMs?: number | undefined
}): number {
  return run.durationMs ?? defaultDurationMs[run.depth]
}
