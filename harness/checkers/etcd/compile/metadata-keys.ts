import { InputError } from '../../../core/errors.ts'
import type { Cell, CellAnswer, EtcdOp } from '../operation.ts'

/**
 * Keys of which some answer, precondition or revoke tells more than the value and the mod revision.
 * Where nothing tells it, contents that differ in it alone are the same to a search.
 */
export interface MetadataKeys {
  readonly versions: ReadonlySet<number>
  readonly creates: ReadonlySet<number>
  readonly leases: ReadonlySet<number>
}

/** Throws an InputError for a compare of what `initial` does not say of a key. */
export function metadataKeysOf(
  ops: readonly EtcdOp[],
  initial: readonly Cell[],
  names: readonly string[],
): MetadataKeys {
  const found = {
    versions: new Set<number>(),
    creates: new Set<number>(),
    leases: new Set<number>(),
  }
  for (const { range, txn } of ops) {
    for (const [key, answer] of range?.items ?? []) {
      if (answer.version >= 0) found.versions.add(key)
    }
    if (txn === undefined) continue
    for (const { key, target } of txn.compare) {
      if (target !== 'version' && target !== 'create') continue
      if ((initial[key]?.[target] ?? 0) < 0) throw unknownMetadata(names[key] ?? '', target)
      if (target === 'version') found.versions.add(key)
      else found.creates.add(key)
    }
    for (const steps of [txn.onHold, txn.onFail]) {
      for (const [at, { f, key }] of steps.entries()) {
        if (f === 'expire') found.leases.add(key)
        if (f === 'get' && isVersioned(txn.answers?.[at])) found.versions.add(key)
      }
    }
  }
  return found
}

function isVersioned(answer: CellAnswer | number | null | undefined): boolean {
  return typeof answer === 'object' && answer !== null && answer.version >= 0
}

/** Whether more than the key's last write decides what its content is. */
export function dependsOnPast({ versions, creates }: MetadataKeys, key: number): boolean {
  return versions.has(key) || creates.has(key)
}

/** The content of a key beside its value and mod revision, as far as anything tells it. */
export function metadataOf({ versions, creates, leases }: MetadataKeys, key: number, cell: Cell) {
  const version = versions.has(key) ? cell.version : ''
  const create = creates.has(key) ? cell.create : ''
  return `${version}/${create}/${leases.has(key) ? cell.lease : ''}`
}

function unknownMetadata(key: string, target: 'version' | 'create'): InputError {
  const field = target === 'version' ? 'version' : 'createRevision'
  return new InputError(
    `Expected \`initial\` to give the ${field} of ${key}, which a transaction compares, got none`,
  )
}
