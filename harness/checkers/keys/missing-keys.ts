import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'
import { mayBeStale } from '../../history/stale.ts'
import { compareBytes } from '../etcd/model.ts'
import { requestedWrites } from './acknowledged-writes.ts'
import { observedValues } from './observed-values.ts'

/** A key that an answer shows as missing, although an operation had shown or written it before. */
export interface MissingKey {
  readonly key: string
  readonly shownBy: Operation
  readonly missingFrom: Operation
}

/** When a key was certainly there, by the store's revision and by the order of the events. */
interface Presence {
  leastRevision: number
  byRevision: Operation | undefined
  leastIndex: number
  byIndex: Operation
}

/**
 * The first key with the prefix that vanished: of keys that no operation may have deleted. Where an
 * answer names no revision, it must come after an operation that had completed, and not be stale.
 */
export function findMissingKey(history: History, prefix: string): MissingKey | undefined {
  const present = presenceOf(history, prefix)
  const joined = operations(history)
  for (const operation of joined) {
    if (operation.outcome === 'fail') continue
    for (const [key, value] of requestedWrites(operation)) if (value === null) present.delete(key)
  }
  for (const operation of joined) {
    if (operation.outcome !== 'ok') continue
    for (const key of keysMissingFrom(operation, present.keys())) {
      const shownBy = presenceBefore(operation, present.get(key))
      if (shownBy !== undefined) return { key, shownBy, missingFrom: operation }
    }
  }
  return undefined
}

function presenceOf(history: History, prefix: string): Map<string, Presence> {
  const present = new Map<string, Presence>()
  for (const { operation, values } of observedValues(history, prefix)) {
    for (const { key, mod } of values) {
      const known = present.get(key) ?? {
        leastRevision: Infinity,
        byRevision: undefined,
        leastIndex: Infinity,
        byIndex: operation,
      }
      present.set(key, known)
      if (mod > 0 && mod < known.leastRevision) {
        Object.assign(known, { leastRevision: mod, byRevision: operation })
      }
      if (operation.completeIndex < known.leastIndex) {
        Object.assign(known, { leastIndex: operation.completeIndex, byIndex: operation })
      }
    }
  }
  return present
}

function presenceBefore(
  operation: Operation,
  presence: Presence | undefined,
): Operation | undefined {
  if (presence === undefined) return undefined
  const { leastRevision, byRevision, leastIndex, byIndex } = presence
  const revision = readRevisionOf(operation)
  if (revision !== undefined && byRevision !== undefined) {
    return leastRevision <= revision ? byRevision : undefined
  }
  if (mayBeStale(operation.invoke) || isOfPast(operation)) return undefined
  return leastIndex < operation.invokeIndex ? byIndex : undefined
}

const isOfPast = ({ invoke }: Operation) => Number(invoke.atRevision ?? 0) > 0

/** The revision of the state that the answer shows: a transaction that wrote read the one before. */
function readRevisionOf(operation: Operation): number | undefined {
  const { invoke, completion } = operation
  if (isOfPast(operation)) return invoke.atRevision
  const { revision } = completion ?? {}
  const mayWrite = requestedWrites(operation).length > 0
  return revision === undefined || !mayWrite ? revision : revision - 1
}

/** Of the known keys, those that the answer says are not there. */
function keysMissingFrom(
  { f, invoke, completion }: Operation,
  known: Iterable<string>,
): readonly string[] {
  const { value, applied } = completion ?? {}
  if (f === 'get') return value === null ? [invoke.key ?? ''] : []
  if (!Array.isArray(value)) return []
  if (f === 'txn' && applied !== undefined) {
    const steps = (invoke.value as Transaction)[applied ? 'then' : 'else']
    return steps.flatMap(([what, key], at) => {
      const isMissing = Array.isArray(value[at]) && value[at][0] === null
      return what === 'get' && isMissing ? [key] : []
    })
  }
  if (f !== 'range' || completion?.more === true || Number(invoke.limit ?? 0) > 0) return []
  const { key: from = '', end } = invoke
  const listed = new Set(value.map(([name]) => String(name)))
  const isWithin = (key: string) =>
    end === undefined
      ? key === from
      : compareBytes(key, from) >= 0 && (end === '\0' || compareBytes(key, end) < 0)
  return [...known].filter((key) => isWithin(key) && !listed.has(key))
}
