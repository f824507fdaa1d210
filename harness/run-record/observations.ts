import type { Mark } from './run-record.ts'

/** `observations.json` of a scenario: what only the conductor saw, written when the drill ended. */
export interface Observations {
  readonly format: 'gauntlet-observations/1'
  readonly durationMs: number
  /** Promises that did not hold and what kept the scenario from telling, in order. */
  readonly failures: readonly Failure[]
  /** Things that happened, for the timeline. */
  readonly marks: readonly Mark[]
  /** What the scenario measured, by name. */
  readonly measures: Readonly<Record<string, number | null>>
  /** Those of them that are no more than lower bounds, and why. */
  readonly lowerBounds: Readonly<Record<string, string>>
  /** Terms that began after the first one seen; null when no member ever answered. */
  readonly elections: number | null
}
