import type { Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'

type ShownKey = readonly [key: string, modRevision: unknown]

/** Every key that an answer shows, with the mod revision that it gives, if any. */
export function keysShown({ f, invoke, completion }: Operation): readonly ShownKey[] {
  const { key = '' } = invoke
  const { value, modRevision, applied } = completion ?? {}
  if (f === 'get') return [[key, modRevision]]
  if (!Array.isArray(value)) return modRevisionOf(key, completion?.prev)
  if (f === 'range') return value.map(([name, , mod]): ShownKey => [String(name), mod])
  if (f !== 'txn' || applied === undefined) return []
  const steps = (invoke.value as Transaction)[applied ? 'then' : 'else']
  return value.flatMap((result, at) => {
    const step = steps[at]
    return step?.[0] === 'get' && Array.isArray(result) ? [[step[1], result[1]] as const] : []
  })
}

/** What a put or delete replaced. */
function modRevisionOf(key: string, prev: unknown): readonly ShownKey[] {
  if (typeof prev !== 'object' || prev === null) return []
  return [[key, (prev as { readonly modRevision?: unknown }).modRevision]]
}
