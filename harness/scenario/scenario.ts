import type { MemberClient } from '../client/member-client.ts'
import type { MemberSettings } from '../cluster/member/settings.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import type { Effect } from '../core/effect.ts'
import type { Observation } from '../core/poll.ts'
import type { Fault } from '../faults/fault.ts'
import type { History } from '../history/operations.ts'
import type { Completion } from '../history/recorder.ts'
import type { Request } from '../history/request.ts'
import type { EtcdUnderTest, MarkKind } from '../run-record/run-record.ts'
import type { KnownIssue, Objective } from '../run-record/scenario-plan.ts'
import type { Measures } from '../run-record/schema/measures.ts'
import type { DoorKind } from '../topology/door.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { WorkloadSpec } from '../workload/workload.ts'
import type { PromiseDeadlines } from './drill/deadlines.ts'
import type { PromisePolling } from './drill/timed-promise.ts'
import type { Route } from './load/route.ts'
import type { LateWatching } from './observers/late-watchers.ts'

export type { KnownIssue, Objective, Symptom } from '../run-record/scenario-plan.ts'

/**
 * A scenario is data and one function. The conductor starts the cluster, proves the steady state,
 * runs the workload, calls `act`, undoes what is left, proves the steady state again and judges.
 */
export interface Scenario {
  /** `suite/name`, such as `quorum-loss/leader-killed`; stable, used by filters and deep links. */
  readonly id: string
  /** Ids of earlier releases: `gauntlet run` takes them for one release more, and says so. */
  readonly formerIds?: readonly string[]
  /** A sentence that a person can disagree with. */
  readonly title: string
  /** The shallowest depth that includes it: quick ⊂ ci ⊂ full. */
  readonly depth: Depth
  /** How long it takes, in milliseconds, where a timer of etcd's makes it much longer than its suite's others. */
  readonly lengthMs?: number
  /** Changes the user's cluster into the one this scenario needs (say, five members). */
  readonly adjustSpec?: (spec: ClusterSpec) => ClusterSpec
  /** How many members it needs beyond what its faults need, once the spec is adjusted; default 1. */
  readonly minMembers?: number
  /**
   * A reason when it cannot apply to this cluster, such as the version, or to what the run upgrades it
   * to; undefined when it can.
   */
  readonly notApplicable?: (spec: ClusterSpec, run: UpgradedRun) => string | undefined
  /** Why it cannot run with authentication on; absent when it can. */
  readonly withoutAuth?: string
  /** Why it cannot run with clients behind such a door; absent where it can. */
  readonly behindDoors?: Readonly<Partial<Record<DoorKind, string>>>
  /** It opens clients of its own, which only a certificate makes a user: they log in by no password. */
  readonly opensClients?: true
  /** What differs from the spec in single members, by name: a smaller quota, less memory. */
  readonly settings?: (spec: ClusterSpec) => Readonly<Record<string, MemberSettings>>
  /** Most scenarios use `workloads.steady` or state what differs: it has every kind of request. */
  readonly workload: WorkloadSpec
  /**
   * All that `act` injects: another fault throws. On a machine without a capability that one needs
   * the scenario is not applicable.
   */
  readonly faults: readonly DeclaredFault[]
  readonly act: (drill: Drill) => Promise<void>
  /**
   * `elsewhere`: the cluster is given up on purpose, say for one restored from a snapshot. Then no
   * steady state is proved after `act` and no final state is read. Default `steady`.
   */
  readonly ends?: 'steady' | 'elsewhere'
  /** What writes without a record in the history: revisions may be skipped, and it is not watched. */
  readonly foreignWrites?: string
  /** How often further watchers come, from revisions of the past and of the future; default seldom. */
  readonly lateWatchers?: LateWatching
  /** What clients and watchers pass through on their way to the members; default nothing. */
  readonly route?: (cluster: Cluster) => Promise<Route & AsyncDisposable>
  /** Its topology, flags, workload and faults are drawn from the run's seed instead. */
  readonly chaos?: boolean
  /** Plain data that lies in the scenario's directory before anything starts, by file name. */
  readonly attachments?: Readonly<Record<string, unknown>>
  /** Names of further checkers, as `createRegistry` knows them. */
  readonly checkers?: readonly string[]
  /**
   * Checkers that cannot judge this scenario, by name, with the reason, which goes into the record.
   * Without `watch` nothing is watched; without `lease` the workload may have no leases.
   */
  readonly skippedCheckers?: Readonly<Record<string, string>>
  /** Bounds on its measures; the user's own replace them. */
  readonly objectives?: (spec: ClusterSpec) => readonly Objective[]
  /** A bug that makes the scenario fail: on a version outside of its range it explains nothing. */
  readonly knownIssue?: KnownIssue
}

/** What a run upgrades its members to, as far as it decides whether a scenario applies. */
export interface UpgradedRun {
  readonly upgradeTo?: readonly Pick<EtcdUnderTest, 'version'>[]
}

/** A fault as a scenario declares it: what `act` injects may depend on the drill. */
export type DeclaredFault = Pick<Fault, 'name' | 'effect' | 'needs' | 'compacts' | 'exits'>

/** How much of a suite a run takes: quick within minutes, ci with each change, full all there is. */
export type Depth = 'quick' | 'ci' | 'full'

/** What `act` may do while the workload runs. */
export interface Drill {
  /** From the steady state on its waits for a leader and for health are promises, as `becomes`. */
  readonly cluster: Cluster
  /** How long etcd may take for what, by its own timers. */
  readonly deadlines: PromiseDeadlines
  readonly seed: number
  /** What the run upgrades its members to, one after the other; empty where it upgrades none. */
  readonly upgradeTo: readonly EtcdUnderTest[]
  /** What its members start as. */
  readonly etcd: EtcdUnderTest
  /** Monotonic time since the scenario's start: the `timeNs` of its history. */
  nowNs(): number
  /**
   * Injects a fault, notes its begin in the history and the member states as marks, and proves its
   * effect: a fault without one makes the scenario inconclusive. Throws a RangeError for a fault that
   * the scenario does not declare.
   */
  inject(fault: Fault, targets: readonly FaultTarget[]): Promise<InjectedFault>
  /**
   * Opens a window for a step of the scenario, such as the end of the clients: noted in the
   * history as a fault is, with its effect and no proof.
   */
  window(name: string, effect: Effect, targets: readonly FaultTarget[]): InjectedFault
  /** Lets the workload run for a while: the length of a fault, not a wait for a state. */
  hold(ms: number): Promise<void>
  /** Something for the timeline of the report. */
  mark(kind: MarkKind, text: string, member?: Pick<Member, 'name'>): void
  /**
   * One more request through one member, recorded in the history like the workload's. It waits as long for
   * an answer as the workload's do, or `timeoutMs`.
   */
  attempt(
    member: Member,
    operation: Attempt,
    patience?: { readonly timeoutMs: number },
  ): Promise<Completion>
  /**
   * The client that the workload uses for this member; for what is not to be in the history. With
   * authentication on it is root's.
   */
  client(member: Member): MemberClient
  /** The same as the workload reaches it: through the door beside the member, where there is one. */
  clientBeside(member: Member): MemberClient
  /** What has been recorded so far; it grows. */
  history(): History
  /** Ends the workload and the watchers early; afterwards nothing is served any more. */
  stopWorkload(): Promise<void>
  /** A figure for the record; units last in the name, null = could not be measured. */
  measure(name: keyof Measures & string, value: number | null): void
  /** As `measure`, of what may be more: it can meet an objective's floor, but not miss it. */
  measureAtLeast(name: keyof Measures & string, value: number, why: string): void
  /** Writes plain data into the scenario's directory, under that file name, at once. */
  attach(file: string, content: unknown): Promise<void>
  /**
   * A promise of etcd, checked on the spot; false makes the scenario broken. The id says which
   * promise: kebab-case, stable, unique in its suite, without names of members and numbers. The
   * sentence is for people; it reads on from "expected".
   */
  expect(id: string, sentence: string, held: boolean, found: string): void
  /**
   * A promise that comes true with time: polls until it is observed, and resolves to its value. Past
   * the deadline (default `deadlines.servingMs`) throws a GuaranteeBrokenError that ends the scenario
   * and says how long was waited; a DeadlineError, which proves nothing, where the engine could not
   * look. Id and sentence as of `expect`.
   */
  becomes<T>(
    id: string,
    sentence: string,
    observe: () => Promise<Observation<T>> | Observation<T>,
    polling?: Partial<Omit<PromisePolling, 'signal'>>,
  ): Promise<T>
  /** As `becomes`, for a wait that has a deadline of its own and throws a DeadlineError past it. */
  inTime<T>(id: string, sentence: string, wait: () => Promise<T>): Promise<T>
  /** A reason for which nothing is proved: the scenario goes on, and is inconclusive unless broken. */
  markInconclusive(reason: string): void
  /**
   * Polls until a fresh write and a fresh linearizable read both succeeded. Past the deadline throws
   * a GuaranteeBrokenError (`clients-are-served`).
   */
  untilServing(deadlineMs?: number): Promise<void>
  /**
   * Polls until the cluster is healthy and the workload is served. Past the deadline it throws: a
   * DeadlineError before the faults (inconclusive), a GuaranteeBrokenError after their undo (broken).
   */
  untilSteady(when: 'before' | 'after'): Promise<void>
}

/** A member, or a door. */
export type FaultTarget = Pick<Member, 'name' | 'isRunning'>

/** A request of the history's kinds, which the drill sends and records. */
export type Attempt = Request

/** A fault that was injected and is not yet undone. */
export interface InjectedFault {
  /**
   * Undoes it now, once proved, and notes its end; otherwise the conductor does, whatever happens.
   * When it throws, the fault counts as in force: the next call, or the conductor's, tries again.
   */
  undo(): Promise<void>
  /**
   * Resolves when the last look for its effect is over, while it is in force; a gradual effect may
   * take ten seconds. `undo` waits for it, too: call it before a clock that starts with the undo.
   */
  proved(): Promise<void>
}
