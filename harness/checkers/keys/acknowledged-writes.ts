import type { Operation } from '../../history/operations.ts'
import type { Transaction, TxnStep } from '../../history/request.ts'

/** A key and what was written to it; null = deleted. */
export type AcknowledgedWrite = readonly [key: string, value: string | null]

/** What the answer says that the operation wrote; nothing when it leaves that open. */
export function acknowledgedWrites(operation: Operation): readonly AcknowledgedWrite[] {
  const { f, invoke, completion } = operation
  if (f === 'delete') return (completion?.deleted ?? 0) > 0 ? requestedWrites(operation) : []
  if (f === 'cas') return completion?.applied === true ? requestedWrites(operation) : []
  if (f !== 'txn') return requestedWrites(operation)
  const { applied, value } = completion ?? {}
  if (applied === undefined) return []
  const steps = (invoke.value as Transaction)[applied ? 'then' : 'else']
  const results = Array.isArray(value) ? value : []
  // A delete whose result is not known to be 1 may have found no key.
  return steps.flatMap((step, at) =>
    step[0] === 'delete' && results[at] !== 1 ? [] : writesOfStep(step),
  )
}

/** What the operation may have written, in any branch. */
export function requestedWrites({ f, invoke }: Operation): readonly AcknowledgedWrite[] {
  const key = invoke.key ?? ''
  if (f === 'put') return [[key, String(invoke.value)]]
  if (f === 'delete') return [[key, null]]
  if (f === 'cas') return [[key, String((invoke.value as readonly unknown[])[1])]]
  if (f !== 'txn') return []
  const txn = invoke.value as Transaction
  return [...txn.then, ...txn.else].flatMap(writesOfStep)
}

function writesOfStep(step: TxnStep): readonly AcknowledgedWrite[] {
  if (step[0] === 'put') return [[step[1], step[2]]]
  return step[0] === 'delete' ? [[step[1], null]] : []
}
