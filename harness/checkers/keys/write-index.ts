import { lowerBound } from '../../core/lower-bound.ts'
import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import { acknowledgedWrites } from './acknowledged-writes.ts'

/** Which revisions may have put one key, by the answers that name theirs. */
export interface KeyWriteIndex {
  /** How many of the revisions after `from`, up to `to`, may have put the key. */
  mostPutsWithin(from: number, to: number): number
  /** The operation that created the revision, when it is known not to have put the key. */
  creatorOfOtherKeys(revision: number): Operation | undefined
}

/** An operation whose answer names the revision that it created, and the keys that it put there. */
interface RevisionWrite {
  readonly by: Operation
  readonly puts: readonly string[]
}

export function indexWrites(history: History): { of(key: string): KeyWriteIndex } {
  const writes = new Map<number, RevisionWrite>()
  for (const by of operations(history)) {
    const revision = by.completion?.revision
    if (by.outcome !== 'ok' || revision === undefined) continue
    const written = acknowledgedWrites(by)
    const puts = written.flatMap(([key, value]) => (value === null ? [] : [key]))
    if (written.length > 0) writes.set(revision, { by, puts })
  }
  const all = Float64Array.from(writes.keys()).sort()
  const byKey = new Map<string, number[]>()
  for (const revision of all) {
    for (const key of writes.get(revision)?.puts ?? []) {
      const mine = byKey.get(key)
      if (mine === undefined) byKey.set(key, [revision])
      else mine.push(revision)
    }
  }
  return { of: (key) => keyIndex(key, { writes, all, mine: byKey.get(key) ?? [] }) }
}

interface Revisions {
  readonly writes: ReadonlyMap<number, RevisionWrite>
  /** Of all writes, and of those of the key; ascending. */
  readonly all: ArrayLike<number>
  readonly mine: ArrayLike<number>
}

function keyIndex(key: string, { writes, all, mine }: Revisions): KeyWriteIndex {
  return {
    mostPutsWithin: (from, to) =>
      to - from - countWithin(all, from, to) + countWithin(mine, from, to),
    creatorOfOtherKeys: (revision) => {
      const found = writes.get(revision)
      return found === undefined || found.puts.includes(key) ? undefined : found.by
    },
  }
}

/** How many lie after `from` and up to `to`. */
function countWithin(ascending: ArrayLike<number>, from: number, to: number): number {
  return lowerBound(ascending, to + 1) - lowerBound(ascending, from + 1)
}
