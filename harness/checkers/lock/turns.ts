import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { Transaction, TxnStep } from '../../history/request.ts'

/**
 * Keys that are locks: a `cas` from missing to an owner's name takes one and a delete gives it back,
 * or a `txn` puts the name and another one, which compares the name, deletes it.
 */
const lockPrefix = 'lock/'

/** A client learned that it holds the lock. */
export interface Grant {
  readonly owner: string
  readonly operation: Operation
}

/** Something that may have taken the lock from whoever held it, once. */
export interface Release {
  /** undefined = whoever holds the lock. */
  readonly owner: string | undefined
  readonly operation: Operation
}

/** What happened to one lock. */
export interface LockTurns {
  /** In the order of their answers. */
  readonly grants: readonly Grant[]
  /** In the order of their requests. */
  readonly releases: readonly Release[]
}

/** By key. A delete that removed nothing is no release, and a failed request is nothing at all. */
export function turnsByLock(history: History): Map<string, LockTurns> {
  const locks = new Map<string, { grants: Grant[]; releases: Release[] }>()
  const lockOf = (key: string) => {
    const known = locks.get(key) ?? { grants: [], releases: [] }
    locks.set(key, known)
    return known
  }
  for (const operation of operations(history)) {
    for (const { key, owner, isGrant } of turnsOf(operation)) {
      if (!key.startsWith(lockPrefix)) continue
      if (!isGrant) lockOf(key).releases.push({ owner, operation })
      else if (isAcknowledged(operation))
        lockOf(key).grants.push({ owner: owner ?? '?', operation })
    }
  }
  for (const { grants } of locks.values()) {
    grants.sort((one, other) => one.operation.completeIndex - other.operation.completeIndex)
  }
  return locks
}

interface Turn {
  readonly key: string
  readonly owner: string | undefined
  readonly isGrant: boolean
}

function turnsOf(operation: Operation): readonly Turn[] {
  const { f, outcome, invoke, completion } = operation
  if (outcome === 'fail') return []
  const { key = '', value } = invoke
  if (f === 'txn') return turnsOfTxn(operation)
  if (f === 'cas' && completion?.applied === true) {
    return [{ key, owner: String((value as readonly unknown[])[1]), isGrant: true }]
  }
  if (f !== 'delete' || completion?.deleted === 0) return []
  return [{ key, owner: undefined, isGrant: false }]
}

function turnsOfTxn({ invoke, completion }: Operation): readonly Turn[] {
  const { compare, then, else: otherwise } = invoke.value as Transaction
  const { applied, value } = completion ?? {}
  const results = Array.isArray(value) ? value : []
  const ownerOf = (key: string): string | undefined => {
    const named = compare.find(([of, target, is]) => of === key && target === 'value' && is === '=')
    return named && String(named[3])
  }
  const ofBranch = (steps: readonly TxnStep[], holds: boolean): readonly Turn[] => {
    if (applied === !holds) return []
    return steps.flatMap(([what, key, owner], at): Turn[] => {
      if (what === 'put') return applied === undefined ? [] : [{ key, owner, isGrant: true }]
      const isRelease = what === 'delete' && (applied === undefined || results[at] !== 0)
      return isRelease ? [{ key, owner: holds ? ownerOf(key) : undefined, isGrant: false }] : []
    })
  }
  return [...ofBranch(then, true), ...ofBranch(otherwise ?? [], false)]
}

/** An outcome that only watchers observed makes no client a holder. */
function isAcknowledged({ outcome, completion }: Operation): boolean {
  return outcome === 'ok' && completion?.settled !== true
}
