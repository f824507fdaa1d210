import type { Operation } from '../../history/operations.ts'
import type { Settled } from './settle-outcomes.ts'

/** What watchers observed, and which requests may have done it. */
export interface SettleFacts {
  readonly observed: {
    /** Revision by `writeId`. */
    readonly puts: ReadonlyMap<string, number>
    readonly deletes: ReadonlyMap<string, ReadonlySet<number>>
    readonly isWhole: boolean
  }
  /** How many requests put that value, by `putId`: a single one is the one that watchers observed. */
  readonly counts: ReadonlyMap<string, number>
  /** Requests that may have deleted a key. */
  readonly deleters: ReadonlyMap<string, number>
  /** `revision key` of deletes that etcd acknowledged. */
  readonly acknowledged: ReadonlySet<string>
  /** Leases whose end is a request of its own in the history. */
  readonly leaseEnds: ReadonlySet<string>
}

type Step = readonly string[]
type Branches = Readonly<Record<'then' | 'else', readonly Step[]>>

/**
 * The outcome of an unknown transaction. A branch happened when watchers observed a put or a delete
 * that no other request makes. A branch changed nothing when watchers would have observed one of its
 * puts and did not, or when it has no puts and other requests made each deletion of its keys. A
 * transaction without a change is taken for one that failed: its client received no answer.
 */
export function outcomeOfTxn(value: unknown, facts: SettleFacts): Settled | undefined {
  const branches = value as Branches
  const seen = (['then', 'else'] as const).filter((name) => whenSeen(branches[name], facts) >= 0)
  const [name] = seen
  if (name !== undefined)
    return seen.length === 1 ? settleHappened(branches[name], name, facts) : undefined
  const isIdle =
    facts.observed.isWhole && isUnseen(branches.then, facts) && isUnseen(branches.else, facts)
  return isIdle ? { type: 'fail' } : undefined
}

/** With the result of each step: the checker cannot place a delete without one. */
function settleHappened(
  steps: readonly Step[],
  name: string,
  facts: SettleFacts,
): Settled | undefined {
  const revision = whenSeen(steps, facts)
  const settled = { type: 'ok', applied: name === 'then', revision } as const
  if (steps.some(([what]) => what === 'get')) {
    return steps.some(([what]) => what === 'put') ? settled : undefined
  }
  const gone = new Set<string>()
  // The first delete of a key removes it: a second one finds nothing.
  const deleted = (key: string) => {
    const isFirst = !gone.has(key) && facts.observed.deletes.get(key)?.has(revision) === true
    gone.add(key)
    return Number(isFirst)
  }
  return {
    ...settled,
    value: steps.map(([what, key = '']) => (what === 'put' ? null : deleted(key))),
  }
}

/** The revision of a change that only this branch can have made; -1 = watchers observed none. */
function whenSeen(steps: readonly Step[], { observed, counts, deleters }: SettleFacts): number {
  for (const [what, key = '', value = ''] of steps) {
    const id = putId(key, value)
    const put = what === 'put' && counts.get(id) === 1 ? observed.puts.get(id) : undefined
    const deletions =
      what === 'delete' && deleters.get(key) === 1 ? observed.deletes.get(key) : undefined
    // One request deletes a key once: of several deletions some are another's.
    const deleted = deletions?.size === 1 ? [...deletions][0] : undefined
    const revision = put ?? deleted
    if (revision !== undefined) return revision
  }
  return -1
}

function isUnseen(steps: readonly Step[], facts: SettleFacts): boolean {
  const puts = steps.filter(([what]) => what === 'put')
  if (puts.length > 0) return puts.some(([, key = '', value = '']) => isUnique(key, value, facts))
  return steps.every(([what, key = '']) => what !== 'delete' || isClaimed(key, facts))
}

function isUnique(key: string, value: string, { counts }: SettleFacts): boolean {
  return counts.get(putId(key, value)) === 1
}

/** Acknowledged requests made every deletion of the key that watchers observed. */
function isClaimed(key: string, { observed, acknowledged }: SettleFacts): boolean {
  return [...(observed.deletes.get(key) ?? [])].every((at) => acknowledged.has(`${at} ${key}`))
}

export const putId = (key: string, value: unknown): string => JSON.stringify([key, value])

/** How many requests may have deleted each key. */
export function countDeleters(
  joined: readonly Operation[],
  leaseEnds: ReadonlySet<string>,
): Map<string, number> {
  const deleters = new Map<string, number>()
  for (const operation of joined) {
    for (const key of keysDeletedBy(operation, leaseEnds)) {
      deleters.set(key, (deleters.get(key) ?? 0) + 1)
    }
  }
  return deleters
}

/** Leases whose end the history has as one request, which may delete all keys that were put with it. */
export function leaseEndsOf(joined: readonly Operation[]): Set<string> {
  const revoked = new Set(
    joined.flatMap(({ f, invoke }) => (f === 'revoke' ? [String(invoke.lease)] : [])),
  )
  const ends = joined.flatMap(({ invoke: { expiryOf } }) => String(expiryOf ?? '') || [])
  return new Set(ends.filter((lease) => !revoked.has(lease)))
}

/** The keys that the request may delete: the end of a lease deletes what was put with it. */
export function keysDeletedBy(
  { f, invoke }: Operation,
  leaseEnds: ReadonlySet<string>,
): Set<string> {
  const { key = '', value, lease } = invoke
  if (f === 'txn') return new Set(keysDeleted(value))
  const isDeleter = f === 'delete' || (f === 'put' && lease !== undefined)
  const hasOwnEnd = f === 'put' && leaseEnds.has(String(lease))
  return new Set(isDeleter && !hasOwnEnd ? [key] : [])
}

function keysDeleted(value: unknown): string[] {
  const branches = value as Branches
  const steps = [...branches.then, ...branches.else]
  return steps.flatMap(([what, key = '']) => (what === 'delete' ? [key] : []))
}

/** `revision key` of everything that an acknowledged transaction deleted. */
export function deletedByTxn({ invoke, completion }: Operation): string[] {
  const { applied, value, revision } = completion ?? {}
  if (applied === undefined || !Array.isArray(value)) return []
  const steps = (invoke.value as Branches)[applied ? 'then' : 'else']
  return steps.flatMap(([what, key = ''], at) =>
    what === 'delete' && value[at] === 1 ? [`${revision} ${key}`] : [],
  )
}
