import type { Operation } from '../../../history/operations.ts'

/** A value that a register can hold, interned: equal numbers, equal values. */
export type StateId = number

/**
 * A state that nothing can tell from another: no later answer asserts it, and no
 * compare-and-set starts from it. All such states are one.
 */
export const unseen: StateId = 0

/**
 * What an operation does to the state. Two operations with the same effect are interchangeable.
 * `write` and `append` can happen in any state, `cas` only in `from`.
 */
export type TaskEffect =
  | { readonly id: number; readonly kind: 'write'; readonly to: StateId }
  | { readonly id: number; readonly kind: 'append'; readonly text: string }
  | {
      readonly id: number
      readonly kind: 'cas'
      readonly from: StateId
      readonly to: StateId
    }

/** What an operation saw and did not change: the state was `want`, or was anything but `not`. */
type Sight = { readonly want: StateId } | { readonly not: StateId }

/** An operation that the search must place, or, when its outcome is unknown, may place. */
export interface Task {
  readonly operation: Operation
  /** Event indexes; `returns` is Infinity when the outcome is unknown. */
  readonly called: number
  readonly returns: number
  readonly effect?: TaskEffect
  readonly sight?: Sight
  /** Of an unknown outcome: the event index from which on no answer can observe its effect. */
  readonly uselessFrom?: number
}

/** The states of one register, as far as this history can tell them apart. */
export interface Space {
  readonly initial: StateId
  /** The state after an append of a non-empty text. */
  append(state: StateId, effect: TaskEffect & { readonly kind: 'append' }): StateId
  /** False only when no appends turn the state into the other; a cas is not considered. */
  canBecome(state: StateId, other: StateId): boolean
  /** The last event index at which an operation still tells this state from the unseen ones. */
  seenUntil(state: StateId): number
}

/** Everything that was done to one register. */
export interface Partition {
  /** The key; undefined = the single register of a history without keys. */
  readonly key: string | undefined
  readonly tasks: readonly Task[]
  readonly space: Space
}
