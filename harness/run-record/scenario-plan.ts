import type { ClusterSpec } from '../topology/spec.ts'

/** `plan.json` of a scenario: what the conductor decided before anything started. */
export interface ScenarioPlan {
  readonly format: 'gauntlet-scenario-plan/1'
  readonly id: string
  readonly suite: string
  readonly title: string
  readonly seed: number
  /** The wall-clock instant of `timeNs` 0 in its streams and marks. */
  readonly startedAt: string
  /** The cluster as the scenario has it, which may differ from the run's. */
  readonly spec: ClusterSpec
  readonly emulated: boolean
  /** What deadlines and objectives were multiplied by. */
  readonly timeScale: number
  /** Operations per second that the workload means to send. */
  readonly plannedRatePerS: number
  /** Names of the checkers that judge it, in order. */
  readonly checkers: readonly string[]
  /** Standard checkers that cannot judge it, by name, with the reason. */
  readonly skippedCheckers: Readonly<Record<string, string>>
  /** What bounds its measures: the user's bounds where there are some, else its own, scaled. */
  readonly objectives: readonly Objective[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waivedObjectives: readonly string[]
  /** A bug that this version is known to have. */
  readonly knownIssue?: KnownIssue
  /** What is written beside the workload and is not in the history. */
  readonly foreignWrites?: string
  readonly ends: 'steady' | 'elsewhere'
  /** Relative to the run directory. */
  readonly directory: string
  /** The one command that runs this scenario again. */
  readonly reproduce: string
}
