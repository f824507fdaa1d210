import type { OperationEvent } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'

type Request = Pick<OperationEvent, 'f' | 'key' | 'value'>

/** The texts of a request in bytes of UTF-8, without what the protocol adds. */
export function bytesOf({ key, value }: Request): number {
  return textsOf([key, value]).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

/** The longest of a transaction's lists, which etcd's limit bounds; 0 of any other request. */
export function lengthOf(request: Request): number {
  const { compare = [], then = [], else: otherwise = [] } = transactionOf(request)
  return Math.max(compare.length, then.length, otherwise.length)
}

/** Whether one branch of a transaction writes a key twice, or may: a range of deletes may overlap. */
export function hasRepeatedKey(request: Request): boolean {
  const { then = [], else: otherwise = [] } = transactionOf(request)
  return [then, otherwise].some((steps) => {
    const keys = steps.filter(([kind]) => kind !== 'get').map(([, key]) => key)
    const isRange = steps.some(([kind, ...rest]) => kind === 'delete' && rest.length > 1)
    return isRange || new Set(keys).size < keys.length
  })
}

function transactionOf({ f, value }: Request): Partial<Transaction> {
  return f === 'txn' && typeof value === 'object' && value !== null ? value : {}
}
