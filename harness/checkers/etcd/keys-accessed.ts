import type { Pin } from './facts.ts'
import type { EtcdOp } from './operation.ts'

/** All keys that the operation reads or may write. */
export function keysAccessed(op: EtcdOp): number[] {
  if (op.range !== undefined) return [...op.range.keys]
  const own = op.endKey < 0 ? [op.key] : [op.key, op.endKey]
  const { compare, onHold, onFail } = op.txn ?? noSteps
  const named = [...compare, ...onHold, ...onFail].map(({ key }) => key)
  return [...new Set([...own, ...named])].filter((key) => key >= 0)
}

const noSteps = { compare: [], onHold: [], onFail: [] }

/** All keys that the operation may write. */
export function keysWritten(op: EtcdOp): number[] {
  if (op.txn === undefined) return [op.key]
  return [...op.txn.onHold, ...op.txn.onFail].flatMap(({ f, key }) => (f === 'get' ? [] : [key]))
}

/** By key: the ops among these that may write it, in their order. */
export function writersOf(ops: readonly EtcdOp[], keyCount: number): EtcdOp[][] {
  const writers = Array.from({ length: keyCount }, (): EtcdOp[] => [])
  for (const op of ops) for (const key of new Set(keysWritten(op))) writers[key]?.push(op)
  return writers
}

/** Whether the operation writes the pinned content in some state of the store. */
export function mayWrite(op: EtcdOp, { key, value }: Pin): boolean {
  if (op.txn === undefined) {
    const isPut = op.f === 'put' || op.f === 'cas'
    return isPut && op.key === key && (value === undefined || op.value === value)
  }
  return [...op.txn.onHold, ...op.txn.onFail].some(
    (step) => step.f === 'put' && step.key === key && (value === undefined || step.value === value),
  )
}
