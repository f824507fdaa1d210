import { lowerBound } from '../../core/lower-bound.ts'
import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'

/** Which revisions may have written one key, by the answers that name theirs. */
export interface RevisionCount {
  /** How many of the revisions after `from`, up to `to`, may have put the key. */
  possibleWithin(from: number, to: number): number
  /** The operation that created the revision, when it is known not to have put the key. */
  elsewhere(revision: number): Operation | undefined
}

/** An operation that was told which revision it created, and the keys that it put in it. */
interface KnownWrite {
  readonly by: Operation
  readonly puts: readonly string[]
}

export function knownWrites(history: History): { of(key: string): RevisionCount } {
  const known = new Map<number, KnownWrite>()
  for (const by of operations(history)) {
    const revision = by.completion?.revision
    const puts = by.outcome === 'ok' && revision !== undefined ? putsOf(by) : undefined
    if (puts !== undefined && revision !== undefined) known.set(revision, { by, puts })
  }
  const all = Float64Array.from(known.keys()).sort()
  const byKey = new Map<string, number[]>()
  for (const revision of all) {
    for (const key of known.get(revision)?.puts ?? []) {
      const mine = byKey.get(key)
      if (mine === undefined) byKey.set(key, [revision])
      else mine.push(revision)
    }
  }
  return {
    of: (key) => {
      const mine = byKey.get(key) ?? []
      return {
        possibleWithin: (from, to) => to - from - within(all, from, to) + within(mine, from, to),
        elsewhere: (revision) => {
          const found = known.get(revision)
          return found === undefined || found.puts.includes(key) ? undefined : found.by
        },
      }
    },
  }
}

/** The keys it put at its revision; undefined = it created none, or does not say what it did. */
function putsOf({ f, invoke, completion = {} as never }: Operation): string[] | undefined {
  const key = invoke.key ?? ''
  if (f === 'put') return [key]
  if (f === 'delete') return (completion.deleted ?? 0) > 0 ? [] : undefined
  if (f === 'cas') return completion.applied === true ? [key] : undefined
  const { applied, value } = completion
  if (f !== 'txn' || applied === undefined) return undefined
  const txn = invoke.value as Record<'then' | 'else', readonly (readonly string[])[]>
  const steps = txn[applied ? 'then' : 'else']
  const puts = steps.flatMap(([what, name = '']) => (what === 'put' ? [name] : []))
  const hasDeleted =
    Array.isArray(value) &&
    steps.some(([what], at) => {
      return what === 'delete' && value[at] === 1
    })
  return puts.length > 0 || hasDeleted ? puts : undefined
}

/** How many lie after `from` and up to `to`. */
function within(ascending: ArrayLike<number>, from: number, to: number): number {
  return lowerBound(ascending, to + 1) - lowerBound(ascending, from + 1)
}
