import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'

/**
 * Judges a history of at most some twenty operations by trying every order: slow, and simple
 * enough to be believed. It shares no code with the checker that it is there to judge. Each
 * operation of unknown outcome is tried at every place and left out too.
 */
export function oracleVerdict(history: History): 'valid' | 'invalid' {
  const byKey = Map.groupBy(operations(history), ({ invoke }) => invoke.key)
  const start = history.header.initial ?? (history.header.model === 'kv' ? '' : null)
  const holds = [...byKey.values()].every((same) =>
    hasOrder(
      same.filter(({ outcome }) => outcome !== 'fail'),
      start,
      new Set(),
    ),
  )
  return holds ? 'valid' : 'invalid'
}

/** `failed` remembers what was tried already: which operations were left, at which value. */
function hasOrder(left: readonly Operation[], value: unknown, failed: Set<string>): boolean {
  if (left.every(({ outcome }) => outcome === 'info')) return true
  const tried = JSON.stringify([left.map(({ invokeIndex }) => invokeIndex), value])
  if (failed.has(tried)) return false
  const found = left.some((next) => {
    const others = left.filter((other) => other !== next)
    const mustWait = others.some(
      (other) => other.outcome === 'ok' && other.completeIndex < next.invokeIndex,
    )
    return !mustWait && outcomesOf(next, value).some((after) => hasOrder(others, after, failed))
  })
  if (!found) failed.add(tried)
  return found
}

/** The values that an operation may leave behind; none when it could not have answered so. */
function outcomesOf({ f, outcome, invoke, completion }: Operation, value: unknown): unknown[] {
  const isOk = outcome === 'ok'
  const argument = invoke.value
  switch (f) {
    case 'read':
      return !isOk || completion?.value === undefined || equal(completion.value, value)
        ? [value]
        : []
    case 'get':
      return !isOk || completion?.value === undefined || (completion.value ?? '') === value
        ? [value]
        : []
    case 'write':
    case 'put':
      return [argument]
    case 'append':
      return [`${value}${argument}`]
    default: {
      const [old, fresh] = argument as [unknown, unknown]
      if (isOk && completion?.applied === false) return equal(old, value) ? [] : [value]
      if (isOk) return equal(old, value) ? [fresh] : []
      return equal(old, value) ? [fresh] : [value]
    }
  }
}

/** Deep equality of JSON values. */
function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every(
    (name) =>
      Object.hasOwn(other, name) &&
      equal((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  )
}
