import type { Checker } from '../checkers/checker.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import type { Fault } from '../faults/fault.ts'
import type { Completion } from '../history/recorder.ts'
import type { MarkKind, Measures } from '../record/run-record.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { PlannedOperation, WorkloadSpec } from '../workload/workload.ts'

/**
 * A scenario is data and one function. The conductor raises the cluster, proves the steady state,
 * runs the workload, calls `act`, undoes what is left, proves the steady state again and judges.
 */
export interface Scenario {
  /** `suite/name`, such as `quorum-loss/leader-killed`; stable, used by filters and deep links. */
  readonly id: string
  /** A sentence that a person can disagree with. */
  readonly title: string
  /** The shallowest depth that includes it: quick ⊂ ci ⊂ full. */
  readonly depth: Depth
  /** Changes the user's cluster into the one this scenario needs (say, five members). */
  readonly shape?: (spec: ClusterSpec) => ClusterSpec
  /** A reason when it cannot apply to this cluster, such as the version; undefined when it can. */
  readonly notApplicable?: (spec: ClusterSpec) => string | undefined
  readonly workload: WorkloadSpec
  readonly faults: readonly Fault[]
  readonly act: (drill: Drill) => Promise<void>
  /** Beside the standard ones. */
  readonly checkers?: readonly Checker[]
  readonly objectives?: (spec: ClusterSpec) => readonly Objective[]
}

export type Depth = 'quick' | 'ci' | 'full'

/** What an objective may bound. */
export const objectiveMeasures = ['writeOutageMs', 'readOutageMs', 'recoveryMs'] as const

export interface Objective {
  readonly measure: (typeof objectiveMeasures)[number]
  readonly atMost: number
}

/** What `act` may do while the workload runs. */
export interface Drill {
  readonly cluster: Cluster
  readonly seed: number
  /** Monotonic time since the scenario's start: the `timeNs` of its history. */
  nowNs(): number
  /** Injects, notes begin in the history and the member states as marks. */
  inject(fault: Fault, targets: readonly Member[]): Promise<InjectedFault>
  /** Lets the workload run for a while: the length of a fault, not a wait for a state. */
  dwell(ms: number): Promise<void>
  mark(kind: MarkKind, text: string, member?: Member): void
  /** One request through one member, beside the workload; recorded in the history like the rest. */
  attempt(member: Member, operation: Attempt): Promise<Completion>
  measure(name: keyof Measures & string, value: number | null): void
  /** Something etcd promises, checked on the spot; false makes the scenario broken. */
  expect(promise: string, held: boolean, found?: string): void
  /** Polls until a fresh write and a fresh linearizable read both succeeded. */
  untilServing(deadlineMs?: number): Promise<void>
}

export type Attempt = Pick<PlannedOperation, 'kind' | 'key' | 'value'>

export interface InjectedFault {
  /** Undoes it now and notes its end; otherwise the conductor does, whatever happens. */
  undo(): Promise<void>
}
