import type { HistoryEvent, Operation } from '../../history/operations.ts'
import { lastEvents, type Settled } from './settle-outcomes.ts'
import { keysDeletedBy, type SettleFacts } from './settle-transaction.ts'

/**
 * What the unknown deletes of each key did, by the index of their invocations, where watchers received
 * every deletion. Two requests to delete one key differ only in when they were sent. So the earliest of
 * them get the deletions that no acknowledged request made: if any assignment fits, this one does. The
 * others changed nothing. A key is left as it is where a transaction of unknown outcome or the end of a
 * lease may have deleted it, and where the process of one of its deletes went on.
 */
export function settleDeletes(
  joined: readonly Operation[],
  events: readonly HistoryEvent[],
  { observed, acknowledged, leaseEnds }: SettleFacts,
): ReadonlyMap<number, Settled> {
  const settled = new Map<number, Settled>()
  if (!observed.isWhole) return settled
  const lastEventOf = lastEvents(events)
  const candidates = joined.filter(({ outcome, f }) => {
    return outcome === 'info' || (outcome === 'ok' && f === 'put')
  })
  for (const [key, deleters] of byKey(candidates, leaseEnds)) {
    const deletions = [...(observed.deletes.get(key) ?? [])]
      .filter((at) => !acknowledged.has(`${at} ${key}`))
      .sort((one, other) => one - other)
    const isPlain = deleters.every((one) => one.f === 'delete' && lastEventOf(one) !== undefined)
    if (deletions.length > 0 && (!isPlain || deletions.length > deleters.length)) continue
    for (const [at, { f, invokeIndex }] of deleters.entries()) {
      if (f !== 'delete') continue
      const revision = deletions[at]
      const done: Settled =
        revision === undefined ? { type: 'fail' } : { type: 'ok', revision, deleted: 1 }
      settled.set(invokeIndex, done)
    }
  }
  return settled
}

/** In the order of their invocations. */
function byKey(
  candidates: readonly Operation[],
  leaseEnds: ReadonlySet<string>,
): Map<string, Operation[]> {
  const deleters = new Map<string, Operation[]>()
  for (const operation of candidates) {
    for (const key of keysDeletedBy(operation, leaseEnds)) {
      const known = deleters.get(key)
      if (known === undefined) deleters.set(key, [operation])
      else known.push(operation)
    }
  }
  return deleters
}
