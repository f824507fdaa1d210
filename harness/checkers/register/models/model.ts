import type { Operation } from '../../../history/operations.ts'
import type { Partition } from './task.ts'

/** One sequential register: how its operations become tasks, and what they do to a plain value. */
export interface RegisterModel {
  readonly name: 'cas-register' | 'kv'
  /** Drops what asserts and changes nothing. Throws an InputError for an unknown `f` or value. */
  compile(key: string | undefined, operations: readonly Operation[], initial: unknown): Partition
  /** The initial value as its reads would return it. Throws an InputError for a wrong one. */
  initialOf(initial: unknown): unknown
  /** The value after an operation that took effect. */
  apply(value: unknown, operation: Operation): unknown
}

/** The argument of a write or cas: on the invocation, where the format wants it. */
export function argumentOf({ invoke, completion }: Operation): unknown {
  return invoke.value === undefined ? completion?.value : invoke.value
}

export const isUnknown = (operation: Operation) => operation.outcome === 'info'

/** When it ended: never, when its outcome is unknown. */
export function returnOf(operation: Operation): number {
  return isUnknown(operation) ? Number.POSITIVE_INFINITY : operation.completeIndex
}
