import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'

/** A key as an answer says that it was, or as an acknowledged write left it. */
export interface AnsweredCell {
  readonly key: string
  readonly value: string
  /** Of the write that left it so. */
  readonly mod: number
  readonly isWrite: boolean
}

export interface Answered {
  readonly operation: Operation
  readonly cells: readonly AnsweredCell[]
}

/** What each answer that tells anything of keys with the prefix says of them; missing keys are not. */
export function observedValues(history: History, prefix: string): Answered[] {
  return operations(history).flatMap((operation) => {
    if (operation.outcome !== 'ok') return []
    const cells = cellsOf(operation).filter(({ key }) => key.startsWith(prefix))
    return cells.length === 0 ? [] : [{ operation, cells }]
  })
}

function cellsOf({ f, invoke, completion }: Operation): AnsweredCell[] {
  const { key = '' } = invoke
  const { value, modRevision = 0, revision = 0, applied } = completion ?? {}
  if (f === 'put') return [{ key, value: String(invoke.value), mod: revision, isWrite: true }]
  if (f === 'get') return seen(key, [value, modRevision])
  if (f === 'range') {
    const items = (value ?? []) as readonly (readonly [string, string, number])[]
    return items.flatMap(([name, text, mod]) => seen(name, [text, mod]))
  }
  if (f !== 'txn' || applied === undefined) return []
  const steps = (invoke.value as Transaction)[applied ? 'then' : 'else']
  return steps.flatMap((step, at) => {
    if (step[0] === 'put') return [{ key: step[1], value: step[2], mod: revision, isWrite: true }]
    return step[0] === 'get' && Array.isArray(value) ? seen(step[1], value[at]) : []
  })
}

function seen(key: string, cell: unknown): AnsweredCell[] {
  const [value, mod] = Array.isArray(cell) ? cell : []
  return typeof value === 'string' ? [{ key, value, mod: Number(mod), isWrite: false }] : []
}
