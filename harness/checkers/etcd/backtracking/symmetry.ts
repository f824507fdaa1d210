import type { CompiledHistory } from '../compile/history.ts'
import { type MetadataKeys, metadataOf } from '../compile/metadata-keys.ts'
import type { Facts } from '../facts.ts'
import { keysWritten } from '../keys-accessed.ts'
import type { BranchStep, Cell, EtcdOp, Value } from '../operation.ts'

/**
 * Unknown writes that no answer can tell apart. Where a gap may take several of one class, any of them
 * leads to the same result, because an unknown write has no last moment. The search therefore takes
 * them in the order of their invocations, and the used ones of a class are always its first few.
 */
export interface Classes {
  /** By op; -1 = not an unknown write. */
  readonly of: Int32Array
  /** By class: its ops, by invocation. */
  readonly members: readonly (readonly number[])[]
  /** By key: the classes that may write it, by their first invocation. */
  readonly byKey: readonly (readonly number[])[]
  /** The value as far as any answer or precondition can tell it from another. */
  seenAs(key: number, value: Value): Value
  /** The same of a cell, its mod revision included. */
  contentOf(key: number, cell: Cell): string
}

/** What answers and preconditions compare, key by key. */
interface Comparisons {
  readonly values: readonly Set<Value>[]
  /** Keys whose values, or mod revisions, are compared by order. */
  readonly ordered: Set<number>
  readonly mods: Set<number>
}

/**
 * Groups the unknown writes. `isModUnseen`: no answer shows this mod revision of the key. `isUnique`:
 * the op is alone in its class, because one gap needs it or its answer asserts more than others.
 */
export function groupInterchangeable(
  { ops, keys, metadataKeys }: CompiledHistory,
  { pins }: Facts,
  isModUnseen: (key: number, mod: number) => boolean,
  isUnique: (op: EtcdOp) => boolean,
): Classes {
  const comparisons = comparisonsOf(ops, pins, keys.length)
  const seenAs = (key: number, text: Value) =>
    text === null || comparisons.ordered.has(key) || comparisons.values[key]?.has(text)
      ? text
      : unobservedValue
  const of = new Int32Array(ops.length).fill(-1)
  const members: number[][] = []
  const byKey = keys.map((): number[] => [])
  const ids = new Map<string, number>()
  for (const op of ops) {
    if (op.isKnown) continue
    const name =
      op.revision >= 0 || isUnique(op) ? `#${op.id}` : classNameOf(op, seenAs, metadataKeys)
    const known = ids.get(name)
    const id = known ?? members.push([]) - 1
    of[op.id] = id
    members[id]?.push(op.id)
    if (known !== undefined) continue
    ids.set(name, id)
    for (const key of new Set(keysWritten(op))) byKey[key]?.push(id)
  }
  const contentOf = (key: number, cell: Cell) => {
    if (cell.value === null) return ''
    const mod = comparisons.mods.has(key) || !isModUnseen(key, cell.mod) ? cell.mod : ''
    return `${mod}/${metadataOf(metadataKeys, key, cell)}=${seenAs(key, cell.value)}`
  }
  return { of, members, byKey, seenAs, contentOf }
}

/** It is no recorded value, and stands for all values that nothing compares. */
const unobservedValue = '\u0000unseen'

function classNameOf(
  op: EtcdOp,
  value: (key: number, text: Value) => Value,
  { leases }: MetadataKeys,
): string {
  const lease = (put: EtcdOp | BranchStep) => (leases.has(put.key) ? put.lease : '')
  const steps = (of: readonly BranchStep[]) =>
    of.map((step) => [step.f, step.key, value(step.key, step.value), lease(step)])
  const { f, key, old, txn, applied, latest } = op
  const own =
    txn === undefined
      ? [key, old, value(key, op.value), lease(op)]
      : [txn.compare, steps(txn.onHold), steps(txn.onFail), applied, txn.answers]
  return JSON.stringify([f, latest, ...own])
}

function comparisonsOf(ops: readonly EtcdOp[], pins: Facts['pins'], keyCount: number): Comparisons {
  const values = Array.from({ length: keyCount }, () => new Set<Value>())
  const comparisons: Comparisons = { values, ordered: new Set(), mods: new Set() }
  for (const { key, value } of [...pins.values()].flat()) {
    if (value !== undefined) values[key]?.add(value)
  }
  for (const op of ops) {
    if (op.f === 'cas') values[op.key]?.add(op.old)
    if (op.seen !== undefined) values[op.key]?.add(op.seen)
    for (const [key, { value }] of op.range?.items ?? []) {
      if (value !== undefined) values[key]?.add(value)
    }
    if (op.txn !== undefined) addTxnComparisons(comparisons, op.txn, op.applied)
  }
  return comparisons
}

/** A mod revision is a pin, unless the branch, and so the key, that the answer shows is unknown. */
function addTxnComparisons(
  { values, ordered, mods }: Comparisons,
  txn: NonNullable<EtcdOp['txn']>,
  applied: boolean | undefined,
): void {
  for (const { key, target, result, operand } of txn.compare) {
    if (target === 'mod') mods.add(key)
    else if (target !== 'value') continue
    else if (result === '=' || result === '!=') values[key]?.add(String(operand))
    else ordered.add(key)
  }
  for (const [at, answer] of txn.answers?.entries() ?? []) {
    if (typeof answer !== 'object' || answer === null) continue
    for (const steps of [txn.onHold, txn.onFail]) {
      const step = steps[at]
      if (step === undefined) continue
      if (answer.value !== undefined) values[step.key]?.add(answer.value)
      if (applied === undefined && answer.mod >= 0) mods.add(step.key)
    }
  }
}
