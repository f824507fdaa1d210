import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'

/** A key as an answer shows it, or as an acknowledged write left it. */
export interface ObservedValue {
  readonly key: string
  readonly value: string
  /** Of the write that left it so. */
  readonly mod: number
  readonly isWrite: boolean
}

export interface ObservedOperation {
  readonly operation: Operation
  readonly values: readonly ObservedValue[]
}

/** What each answer shows of the keys with the prefix; answers that show none of them are left out. */
export function observedValues(history: History, prefix: string): ObservedOperation[] {
  return operations(history).flatMap((operation) => {
    if (operation.outcome !== 'ok') return []
    const values = valuesOf(operation).filter(({ key }) => key.startsWith(prefix))
    return values.length === 0 ? [] : [{ operation, values }]
  })
}

function valuesOf({ f, invoke, completion }: Operation): ObservedValue[] {
  const { key = '' } = invoke
  const { value, modRevision = 0, revision = 0, applied } = completion ?? {}
  if (f === 'put') return [{ key, value: String(invoke.value), mod: revision, isWrite: true }]
  if (f === 'get') return valueOfCell(key, [value, modRevision])
  if (f === 'range') {
    const items = (value ?? []) as readonly (readonly [string, string, number])[]
    return items.flatMap(([name, text, mod]) => valueOfCell(name, [text, mod]))
  }
  if (f !== 'txn' || applied === undefined) return []
  const steps = (invoke.value as Transaction)[applied ? 'then' : 'else']
  return steps.flatMap((step, at) => {
    if (step[0] === 'put') return [{ key: step[1], value: step[2], mod: revision, isWrite: true }]
    return step[0] === 'get' && Array.isArray(value) ? valueOfCell(step[1], value[at]) : []
  })
}

function valueOfCell(key: string, cell: unknown): ObservedValue[] {
  const [value, mod] = Array.isArray(cell) ? cell : []
  return typeof value === 'string' ? [{ key, value, mod: Number(mod), isWrite: false }] : []
}
