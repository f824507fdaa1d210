import type { StoredKey } from '../history/initial-store.ts'
import type { HeaderLog } from '../history/logs/header.ts'
import type { LeaseLog } from '../history/logs/lease.ts'
import type { WalLog } from '../history/logs/wal.ts'
import type { WatchLog } from '../history/logs/watch.ts'
import type { History } from '../history/operations.ts'

/** Three-valued: `unknown` means the checker gave up or had too little to judge. Never a pass. */
export type VerdictValue = 'valid' | 'invalid' | 'unknown'

/** What one checker found. */
export interface Verdict {
  readonly checker: string
  readonly verdict: VerdictValue
  /** Of an invalid verdict: the kind of the violation in `reason`, one of its checker's `codes`. */
  readonly code?: string
  /** Of an invalid verdict: every kind of violation that was found, `code` first. */
  readonly codes?: readonly string[]
  /** One line: the guarantee that broke and by which operation, or why it is unknown. */
  readonly reason?: string
  /** What shows the violation; positions are indexes into `History.events`. */
  readonly evidence?: Counterexample
  /** How many operations the history has, of those that the checker looks at. */
  readonly operations?: number
  /**
   * How many facts of the evidence were compared: answers, events, reads, keys or lines, each of which
   * could have shown a violation. docs/CHECKERS.md says what each checker counts. A verdict is valid
   * only above 0.
   */
  readonly factsJudged: number
}

/** Where the violation shows, for people and reports; a checker may add fields of its own. */
export interface Counterexample {
  /** The partition that failed: its key, or the single register. */
  readonly partition?: string
  /** Event index of the invocation that could not be placed. */
  readonly culprit?: number
  /** Event indexes of the invocations in the longest prefix that could be placed, in order. */
  readonly prefix?: readonly number[]
  /** Event indexes of the operations that a picture should show. */
  readonly involved?: readonly number[]
  readonly expected?: string
  readonly found?: string
  readonly [field: string]: unknown
}

/** What every member holds at the end, read once the cluster was healed. */
export interface FinalState {
  readonly members: readonly MemberFinalState[]
}

/** One member of it. */
export interface MemberFinalState {
  readonly member: string
  /** The store's revision when the member was read. */
  readonly revision: number
  /** Every key of the workload that exists. */
  readonly keys: Readonly<Record<string, StoredKey>>
  /** HashKV at `hashRevision`; null when the member returned none. */
  readonly hash: number | null
  readonly hashRevision: number
  readonly compactRevision?: number
}

/** All that a checker may read: plain data, so that saved evidence can be judged again. */
export interface CheckInput {
  readonly history: History
  readonly final?: FinalState
  /** Member name → its log, line by line. */
  readonly logs?: Readonly<Record<string, readonly string[]>>
  /** What the watchers received, when the scenario had any. */
  readonly watches?: WatchLog
  /** The requests about leases, when the workload had any. */
  readonly leases?: LeaseLog
  /** The headers of the answers to all clients, when they were recorded. */
  readonly headers?: HeaderLog
  /** What the members' write-ahead logs held, when they were read. */
  readonly wal?: WalLog
  /** etcd's options that the cluster was started with, by name; the others have etcd's defaults. */
  readonly options?: Readonly<Record<string, string>>
}

/** One guarantee, judged from evidence alone: the same input gives the same verdict on every machine. */
export interface Checker {
  readonly name: string
  /**
   * Every kind of violation that it finds, kebab-case and stable: known issues name them as
   * `checker/code`, and docs/CHECKERS.md explains each.
   */
  readonly codes: readonly string[]
  check(input: CheckInput, limits?: CheckLimits): Verdict
}

/** What a checker may use before it gives up. */
export interface CheckLimits {
  /** Give up (unknown) after this long. */
  readonly timeoutMs?: number
  /** Give up (unknown) rather than hold more than this. */
  readonly memoryBytes?: number
}
