import type { WorkloadSpec } from '../../workload/workload.ts'
import type { LateWatching } from '../observers/late-watchers.ts'

export const ways = ['mixed', 'upgraded', 'rolled-back'] as const

/** A chaos over two versions of etcd, as plain data. */
export interface ChaosVersions {
  /** Two versions from the start; all upgraded during the schedule; some upgraded and back again. */
  readonly way: (typeof ways)[number]
  readonly to: { readonly image: string; readonly version: string }
  /** Those that start as the other etcd, by name. */
  readonly from: readonly string[]
}

/** One fault of the schedule: `lengthMs` in force, then as long as it takes to be healthy. */
export interface ChaosStep {
  readonly fault: string
  /** `leader` = who leads when its turn comes; else a member's name. */
  readonly targets: readonly string[]
  readonly lengthMs: number
  /** Quiet time before the next. */
  readonly restMs: number
}

/** All that a chaos run decides by its seed, as plain data: `chaos-plan.json`. */
export interface ChaosPlan {
  readonly seed: number
  readonly durationMs: number
  readonly members: number
  /** etcd options by flag name. */
  readonly options: Readonly<Record<string, string>>
  readonly workload: WorkloadSpec
  readonly compaction: {
    readonly everyMs: number
    /** How many revisions are kept. */
    readonly keep: number
  }
  readonly lateWatchers: LateWatching
  readonly steps: readonly ChaosStep[]
  /** Of a binary that has some: a step says which fault, the drill at which of them. */
  readonly failpoints?: readonly string[]
  /** Of a run that upgrades. */
  readonly versions?: ChaosVersions
}
