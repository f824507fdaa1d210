import { operations } from '../history/join.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'

const name = 'lock'
/** Keys that are locks: a `cas` from missing to an owner's name takes one, a delete gives it back. */
export const lockPrefix = 'lock/'

/**
 * Proves: no lock was granted while an earlier holder had neither asked to give it back nor may
 * have lost it: between the answer that granted it and the request that gives it back, nobody else
 * is granted it.
 * Does not prove: anything of locks that end with a lease: etcd does not promise those to a holder
 * that is paused or cut off for longer than the lease (docs: a lock must be fenced by its
 * revision); nor that a lock is granted soon or in the order of asking.
 */
export const lock: Checker = { name, check: ({ history }) => checkLocks(history) }

interface Holder {
  readonly owner: string
  readonly grant: Operation
}

function checkLocks(history: History): Verdict {
  const ofLocks = operations(history).filter(({ invoke }) => invoke.key?.startsWith(lockPrefix))
  const turns = ofLocks.flatMap(turnsOf).sort((one, other) => one.index - other.index)
  const held = new Map<string, Holder>()
  let grants = 0
  for (const { key, grant } of turns) {
    if (grant === undefined) {
      held.delete(key)
      continue
    }
    const owner = String((grant.invoke.value as readonly unknown[])[1])
    const holder = held.get(key)
    if (holder !== undefined) return refuse(key, holder, { owner, grant })
    held.set(key, { owner, grant })
    grants++
  }
  if (grants > 0) return { checker: name, verdict: 'valid', operations: grants }
  return { checker: name, verdict: 'unknown', reason: 'no lock was granted' }
}

interface Turn {
  readonly key: string
  readonly index: number
  /** undefined = it may be free from here on. */
  readonly grant: Operation | undefined
}

/** When a lock certainly is somebody's, and from when on it may not be. */
function turnsOf(operation: Operation): readonly Turn[] {
  const { f, outcome, invoke, completion, invokeIndex, completeIndex } = operation
  const key = invoke.key ?? ''
  if (f === 'cas' && outcome === 'ok' && completion?.applied === true) {
    return [{ key, index: completeIndex, grant: operation }]
  }
  return f === 'delete' && outcome !== 'fail' ? [{ key, index: invokeIndex, grant: undefined }] : []
}

function refuse(key: string, holder: Holder, second: Holder): Verdict {
  const found = `${key} was granted to ${second.owner} while ${holder.owner} held it`
  return {
    checker: name,
    verdict: 'invalid',
    reason: found,
    evidence: {
      partition: key,
      culprit: second.grant.invokeIndex,
      involved: [holder.grant.invokeIndex, second.grant.invokeIndex],
      expected: `no grant before ${holder.owner} gives it back`,
      found,
    },
  }
}
