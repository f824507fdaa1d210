import { operations } from '../history/join.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Transaction } from '../history/request.ts'
import type { Checker, Verdict } from './checker.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'lock'
const codes = ['granted-twice'] as const

/**
 * Keys that are locks: a `cas` from missing to an owner's name takes one and a delete gives it back,
 * or a `txn` puts the name and another one, which compares the name, deletes it.
 */
const lockPrefix = 'lock/'

/**
 * Proves: between the answer that grants a lock and the request that gives it back, no other client
 * is granted it.
 * Does not prove: anything of locks that end with a lease: etcd does not promise those to a holder
 * that is paused or cut off for longer than the lease (docs: a lock must be fenced by its
 * revision); nor that a lock is granted soon or in the order of the requests.
 */
export const lockChecker: Checker = { name, codes, check: ({ history }) => checkLocks(history) }

interface Holder {
  readonly owner: string
  readonly grant: Operation
}

function checkLocks(history: History): Verdict {
  const turns = operations(history)
    .flatMap(turnsOf)
    .sort((one, other) => one.index - other.index)
  const held = new Map<string, Holder>()
  let grants = 0
  for (const { key, owner, grant } of turns) {
    const holder = held.get(key)
    if (grant === undefined) {
      if (owner === undefined || holder?.owner === owner) held.delete(key)
      continue
    }
    const next = { owner: owner ?? '?', grant }
    if (holder !== undefined) return violationVerdict(key, holder, next)
    held.set(key, next)
    grants++
  }
  if (grants > 0) return { checker: name, verdict: 'valid', operations: grants }
  return { checker: name, verdict: 'unknown', reason: 'no lock was granted' }
}

/** A lock changes hands at an event. */
interface Turn {
  readonly key: string
  readonly index: number
  /** undefined = the present holder of the key. */
  readonly owner: string | undefined
  /** The operation that grants it to the owner; undefined = the owner may not hold it any longer. */
  readonly grant: Operation | undefined
}

/** A lock is held from the answer that grants it until the request that may give it back. */
function turnsOf(operation: Operation): readonly Turn[] {
  const { f, outcome, invoke, completion, invokeIndex, completeIndex } = operation
  if (f === 'txn') return turnsOfTxn(operation)
  const { key = '', value } = invoke
  if (!key.startsWith(lockPrefix)) return []
  if (f === 'cas' && outcome === 'ok' && completion?.applied === true) {
    const owner = String((value as readonly unknown[])[1])
    return isAcknowledged(operation) ? [{ key, index: completeIndex, owner, grant: operation }] : []
  }
  if (f !== 'delete' || outcome === 'fail') return []
  return [{ key, index: invokeIndex, owner: undefined, grant: undefined }]
}

function turnsOfTxn(operation: Operation): readonly Turn[] {
  const { outcome, invoke, completion, invokeIndex, completeIndex } = operation
  const { compare, then } = invoke.value as Pick<Transaction, 'compare' | 'then'>
  return then.flatMap(([what, key, value]): Turn[] => {
    if (!key.startsWith(lockPrefix) || outcome === 'fail') return []
    if (what === 'delete') {
      // Its compare failed, so the lock is not its owner's and stays as it is.
      if (completion?.applied === false) return []
      const named = compare.find(([of, target]) => of === key && target === 'value')
      return [{ key, index: invokeIndex, owner: named && String(named[3]), grant: undefined }]
    }
    const isGrant = what === 'put' && completion?.applied === true && isAcknowledged(operation)
    return isGrant ? [{ key, index: completeIndex, owner: value, grant: operation }] : []
  })
}

/** An outcome that only watchers observed makes no client a holder. */
function isAcknowledged({ outcome, completion }: Operation): boolean {
  return outcome === 'ok' && completion?.settled !== true
}

function violationVerdict(key: string, holder: Holder, second: Holder): Verdict {
  const found = `${key} was granted to ${second.owner} while ${holder.owner} held it`
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'granted-twice',
    reason: found,
    evidence: {
      partition: key,
      culprit: second.grant.invokeIndex,
      involved: [holder.grant.invokeIndex, second.grant.invokeIndex],
      expected: `no grant before ${holder.owner} gives it back`,
      found,
    },
  })
}
