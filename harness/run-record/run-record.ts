import type { Verdict } from '../checkers/checker.ts'
import type { Architecture, ClusterSpec } from '../topology/spec.ts'

/** `run.json`, the record of one run. Everything the report says comes from here and its neighbours. */
export interface RunRecord {
  readonly format: 'gauntlet-run/1'
  readonly id: string
  readonly seed: number
  readonly startedAt: string
  /** Absent while the run is under way, or when it was killed. */
  readonly endedAt?: string
  readonly command: string
  readonly etcd: EtcdUnderTest
  readonly spec: ClusterSpec
  readonly machine: Machine
  readonly capabilities: readonly CapabilityFound[]
  readonly scenarios: readonly ScenarioRecord[]
  /** What went wrong outside of any scenario; with one, the run is never called held. */
  readonly errors?: readonly string[]
}

export interface EtcdUnderTest {
  readonly version: string
  readonly image: string
  readonly imageDigest?: string
  readonly architecture: Architecture
  readonly emulated: boolean
}

export interface Machine {
  readonly cpus: number
  readonly memoryBytes: number
  readonly kernel: string
  readonly engine: string
  readonly node: string
}

/** Something this machine can or cannot do; `lost` says what is not covered without it. */
export interface CapabilityFound {
  readonly name: string
  readonly available: boolean
  readonly detail: string
  readonly lost?: string
  readonly remedy?: string
}

export type ScenarioOutcome =
  | 'held'
  | 'broken'
  | 'known-issue'
  | 'not-applicable'
  | 'not-run'
  | 'inconclusive'

export interface ScenarioRecord {
  readonly id: string
  readonly suite: string
  readonly title: string
  readonly outcome: ScenarioOutcome
  /** One or two sentences: why this outcome. */
  readonly reason: string
  readonly seed: number
  readonly startedAt: string
  /** The wall-clock instant of `timeNs` 0 in its history and marks; default `startedAt`. */
  readonly clockStartedAt?: string
  readonly durationMs: number
  readonly members: readonly MemberRecord[]
  readonly measures: Measures
  readonly objectives: readonly ObjectiveResult[]
  readonly verdicts: readonly Verdict[]
  /** Things that happened, for the timeline, besides the faults in the history. */
  readonly marks: readonly Mark[]
  /** Relative to the run directory. */
  readonly directory: string
  /** The one command that runs this scenario again. */
  readonly reproduce: string
}

export interface MemberRecord {
  readonly name: string
  readonly architecture: Architecture
  readonly learner: boolean
}

/** Named numbers; null = could not be measured. Units last in the name. */
export interface Measures {
  readonly writeOutageMs?: number | null
  readonly readOutageMs?: number | null
  readonly acknowledgedLost?: number | null
  readonly unknownOutcomes?: number
  readonly operations?: number
  readonly elections?: number | null
  readonly ratePerS?: number
  readonly [name: string]: number | null | undefined
}

export interface ObjectiveResult {
  /** The measure it bounds. */
  readonly measure: string
  /** One of the two. */
  readonly atMost?: number
  readonly atLeast?: number
  readonly measured: number | null
  readonly met: boolean
}

export type MarkKind =
  | 'steady'
  | 'leader'
  | 'member-down'
  | 'member-up'
  | 'outage-begin'
  | 'outage-end'
  | 'healed'
  | 'note'

export interface Mark {
  readonly timeNs: number
  readonly kind: MarkKind
  readonly member?: string
  /** For outage-begin and outage-end: what was out. Default writes. */
  readonly of?: 'writes' | 'reads'
  readonly text: string
}
