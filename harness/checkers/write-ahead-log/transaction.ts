import type { LoggedCompare, LoggedPut, LoggedStep, LoggedTxn } from '../../history/logs/wal.ts'
import { compareBytes } from '../etcd/model.ts'
import type { KeyVersion, ReplayedStore, StoreWriter } from './store.ts'

/** What one step gives: nothing, the keys that a delete removed, or the key that a read shows. */
export type StepResult =
  | { readonly kind: 'put' | 'txn' | 'range-of-many' }
  | { readonly kind: 'delete'; readonly deleted: number }
  | { readonly kind: 'range'; readonly key: KeyVersion }

/** The steps that run; of a transaction within it too. */
export interface TxnPath {
  readonly succeeded: boolean
  readonly steps: readonly (Exclude<LoggedStep, LoggedTxn> | TxnPath)[]
}

/** etcd decides all branches, nested ones too, on the state before the transaction. */
export function choosePath(txn: LoggedTxn, store: ReplayedStore): TxnPath {
  const succeeded = txn.compare.every((compare) => isTrue(compare, store))
  const steps = succeeded ? txn.success : txn.failure
  return {
    succeeded,
    steps: steps.map((step) => (step.kind === 'txn' ? choosePath(step, store) : step)),
  }
}

/** A condition on a range must be true of every key in it; without a key, of a missing one. */
function isTrue(compare: LoggedCompare, store: ReplayedStore): boolean {
  const keys = store.keysWithin(compare)
  const found = keys.length === 0 ? [store.get(compare.key)] : keys.map((key) => store.get(key))
  return found.every((version) => isTrueOf(compare, version))
}

function isTrueOf(compare: LoggedCompare, version: KeyVersion): boolean {
  if (compare.target === 'value' && version.value === null) return false
  const order = orderOf(compare, version)
  switch (compare.result) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '>':
      return order > 0
  }
}

function orderOf(compare: LoggedCompare, version: KeyVersion): number {
  switch (compare.target) {
    case 'value':
      return compareBytes(version.value ?? '', compare.operand)
    case 'lease':
      return Number(BigInt(version.lease) - BigInt(compare.operand))
    case 'version':
      return version.version - compare.operand
    case 'create':
      return version.createRevision - compare.operand
    case 'mod':
      return (version.value === null ? 0 : version.revision) - compare.operand
  }
}

interface StepContext {
  readonly findPutError: (put: LoggedPut) => string | undefined
  /** Reads of older revisions fail. */
  readonly compacted: number
  readonly revision: number
}

/** A step that cannot run refuses the whole transaction, before any other has. */
export function findStepError({ steps }: TxnPath, context: StepContext): string | undefined {
  for (const step of steps) {
    const error = 'succeeded' in step ? findStepError(step, context) : errorOf(step, context)
    if (error !== undefined) return error
  }
  return undefined
}

function errorOf(
  step: Exclude<LoggedStep, LoggedTxn>,
  { findPutError, compacted, revision }: StepContext,
): string | undefined {
  if (step.kind === 'put') return findPutError(step)
  if (step.kind !== 'range' || step.atRevision === undefined) return undefined
  if (step.atRevision > revision) return 'required revision is a future revision'
  return step.atRevision < compacted ? 'required revision has been compacted' : undefined
}

interface Application {
  readonly writer: StoreWriter
  readonly store: ReplayedStore
  readonly put: (writer: StoreWriter, put: LoggedPut, before: KeyVersion) => void
}

/** The result of each step, in order; each sees the ones before it. */
export function applySteps({ steps }: TxnPath, application: Application): StepResult[] {
  const { writer, store, put } = application
  return steps.map((step): StepResult => {
    if ('succeeded' in step) {
      applySteps(step, application)
      return { kind: 'txn' }
    }
    if (step.kind === 'put') {
      put(writer, step, store.get(step.key))
      return { kind: 'put' }
    }
    if (step.kind === 'delete') {
      const keys = store.keysWithin(step)
      keys.forEach(writer.remove)
      return { kind: 'delete', deleted: keys.length }
    }
    if (step.end !== undefined) return { kind: 'range-of-many' }
    return { kind: 'range', key: store.get(step.key, step.atRevision) }
  })
}
