import type { Operation } from '../../history/operations.ts'

/*
 * The parts of etcd's model: the store as one sequential object, and what an operation asserts about
 * it. `attempt` of model.ts is the whole model. Values are strings; keys are numbered.
 */

/** Null: the key is missing. */
export type Value = string | null

/** A key's content. A missing key has the value null and zeros. */
export interface Cell {
  readonly value: Value
  readonly mod: number
  /** How often it was put since it was created; -1 = unknown, of a key that the history begins with. */
  readonly version: number
  /** The revision that created it; -1 = unknown, of a key that the history begins with. */
  readonly create: number
  /** Decimal id of the lease that it goes with; '' = none. */
  readonly lease: string
}

export const missingCell: Cell = { value: null, mod: 0, version: 0, create: 0, lease: '' }

/** What an answer shows of a key. */
export interface CellAnswer {
  /** undefined = not shown. */
  readonly value: Value | undefined
  /** -1 = not shown. */
  readonly mod: number
  /** -1 = not shown. */
  readonly version: number
}

export interface EtcdOp {
  /** Position in `CompiledHistory.ops`. */
  readonly id: number
  readonly source: Operation
  readonly f: 'put' | 'get' | 'delete' | 'cas' | 'range' | 'txn'
  /** Ended ok. Otherwise it may have happened, and asserts nothing. */
  readonly isKnown: boolean
  /** A state of the past will do: serializable, or read at a revision that was asked for. */
  readonly isStale: boolean
  /** -1 for range and txn. */
  readonly key: number
  /** What a put or cas writes. */
  readonly value: Value
  /** Of a put: the lease that the key goes with from then on; '' = none. */
  readonly lease: string
  readonly old: Value
  /** The answered revision; -1 = not given. */
  readonly revision: number
  readonly applied: boolean | undefined
  /** -1 = not given. */
  readonly deleted: number
  readonly seen: Value | undefined
  /** -1 = not given. */
  readonly seenMod: number
  readonly range: RangeAnswer | undefined
  readonly txn: Txn | undefined
  /** It creates no revision after this one, because its lease was revoked. */
  readonly latest: number
  /** Where the store notes the end of its lease by a revoke of unknown outcome; -1 = nowhere. */
  readonly endKey: number
  /** An answer that no store could give, in words. */
  readonly impossible: string | undefined
}

export interface RangeAnswer {
  /** The history's keys within the bounds, in byte order. */
  readonly keys: readonly number[]
  /** By key; undefined = the completion carries no list. */
  readonly items: ReadonlyMap<number, CellAnswer> | undefined
  /** How many of `keys` are at or before the last one listed; all when the list was not cut. */
  readonly covered: number
  readonly count: number
  /** More keys are there behind the last one listed. */
  readonly hasMore: boolean
  /** Keys that are not the history's may be there too. */
  readonly isShared: boolean
}

export interface Txn {
  readonly compare: readonly Precondition[]
  /** What runs when every compare holds, and when one does not. */
  readonly onHold: readonly BranchStep[]
  readonly onFail: readonly BranchStep[]
  /** One a step of the branch that ran: put null, get what it shows, delete and expire a number. */
  readonly answers: readonly (CellAnswer | number | null)[] | undefined
}

export interface Precondition {
  readonly key: number
  readonly target: 'value' | 'mod' | 'version' | 'create'
  readonly result: string
  readonly operand: string | number
}

/** Whether a compare's operand is a revision. */
export function isRevision(target: Precondition['target']): boolean {
  return target === 'mod' || target === 'create'
}

export interface BranchStep {
  /** `expire` deletes the key when it goes with this lease; `end` then notes the lease's end. */
  readonly f: 'put' | 'get' | 'delete' | 'expire' | 'end'
  readonly key: number
  readonly value: Value
  /** '' = none. */
  readonly lease: string
}

export interface Write {
  readonly key: number
  readonly cell: Cell
}

export type Writes = readonly Write[]
