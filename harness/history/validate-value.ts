import { expected } from './expected.ts'
import type { Model } from './operations.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What is wrong with the `value` of an invocation, or of an `ok` completion where it is a result,
 * in its model; undefined when nothing is.
 */
export function valueProblem(event: Fields, model: Model): string | undefined {
  if (model === 'cas-register' && event.value !== undefined) {
    const number = inexactNumber(event.value)
    if (number !== undefined) return inexact(number)
  }
  if (event.type === 'invoke') return invocationProblem(event, model)
  return event.type === 'ok' ? completionProblem(event, model) : undefined
}

/** A number that JavaScript does not tell from its neighbours: two values would be one. */
export function inexactNumber(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const member of Object.values(value)) {
    const number = inexactNumber(member)
    if (number !== undefined) return number
  }
  return undefined
}

export function inexact(number: number): string {
  return `Expected numbers in \`value\` to be at most 2^53 - 1 (larger ones as strings), got ${number}`
}

function invocationProblem(event: Fields, model: Model): string | undefined {
  const { f, value } = event
  if (f === 'cas') return casProblem(value, model)
  if (f === 'write') {
    return value === undefined ? expected('`value` of a write', 'any JSON', value) : undefined
  }
  if (f === 'put' || f === 'append') {
    return typeof value === 'string' ? undefined : expected(`\`value\` of ${f}`, 'a string', value)
  }
  return f === 'txn' ? transactionProblem(value) : undefined
}

function casProblem(value: unknown, model: Model): string | undefined {
  if (!Array.isArray(value) || value.length !== 2) {
    return expected('`value` of cas', '[old, new]', value)
  }
  if (model !== 'etcd') return undefined
  const [old, fresh] = value
  return (old === null || typeof old === 'string') && typeof fresh === 'string'
    ? undefined
    : expected('`value` of cas', '[a string or null, a string]', value)
}

function completionProblem(event: Fields, model: Model): string | undefined {
  const { f, value, prev } = event
  if (model === 'etcd' && (f === 'put' || f === 'delete') && !isPrevious(prev)) {
    return expected(`\`prev\` of ${f}`, 'null or {value, modRevision}', prev)
  }
  if (value === undefined || model === 'cas-register') return undefined
  if (f === 'get') return isTextOrNull(value) ? undefined : notText('`value` of get', value)
  if (f === 'range') {
    return Array.isArray(value) && value.every(isEntry)
      ? undefined
      : expected('`value` of range', '[[key, value, modRevision], …]', value)
  }
  if (f === 'txn' && !(Array.isArray(value) && value.every(isResult))) {
    const results = 'one result for each step: null, 0 or 1, [value, modRevision]'
    return expected('`value` of txn', results, value)
  }
  return undefined
}

/** What a put or delete was told of the key as it was. */
function isPrevious(prev: unknown): boolean {
  if (prev === undefined || prev === null) return true
  const { value, modRevision } = prev as Fields
  return typeof value === 'string' && isRevision(modRevision)
}

/** Of a put, of a delete, of a get. */
function isResult(result: unknown): boolean {
  if (result === null || result === 0 || result === 1) return true
  if (!Array.isArray(result) || result.length !== 2) return false
  return isTextOrNull(result[0]) && isRevision(result[1])
}

const isRevision = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0
const isTextOrNull = (value: unknown) => value === null || typeof value === 'string'
const notText = (what: string, value: unknown) => expected(what, 'a string or null', value)

function isEntry(entry: unknown): boolean {
  if (!Array.isArray(entry) || entry.length !== 3) return false
  const [key, value, modRevision] = entry
  return typeof key === 'string' && typeof value === 'string' && isRevision(modRevision)
}

function transactionProblem(value: unknown): string | undefined {
  const parts = value as { compare?: unknown; then?: unknown; else?: unknown } | null | undefined
  const lists = [parts?.compare, parts?.then, parts?.else]
  if (!lists.every((list) => Array.isArray(list))) {
    return expected('`value` of txn', '{"compare":[…],"then":[…],"else":[…]}', value)
  }
  const [compares = [], ...branches] = lists as unknown[][]
  const badCompare = compares.findIndex((item) => !isCompare(item))
  if (badCompare >= 0) {
    const compare = compares[badCompare]
    return expected(
      'a compare of txn',
      '[key, "value" or "mod", "=", "!=", "<" or ">", operand]',
      compare,
    )
  }
  const steps = branches.flat()
  const badStep = steps.findIndex((item) => !isStep(item))
  return badStep < 0
    ? undefined
    : expected('a step of txn', '["put",key,value], ["get",key] or ["delete",key]', steps[badStep])
}

function isCompare(item: unknown): boolean {
  if (!Array.isArray(item) || item.length !== 4) return false
  const [key, target, result, operand] = item
  if (typeof key !== 'string' || !['=', '!=', '<', '>'].includes(result)) return false
  if (target === 'value') return typeof operand === 'string'
  return target === 'mod' && Number.isSafeInteger(operand)
}

function isStep(item: unknown): boolean {
  if (!Array.isArray(item) || typeof item[1] !== 'string') return false
  if (item[0] === 'put') return item.length === 3 && typeof item[2] === 'string'
  return (item[0] === 'get' || item[0] === 'delete') && item.length === 2
}
