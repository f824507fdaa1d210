import type { ClientWrite, WriteGroup } from './attribution.ts'
import { type AnswerDifference, findDifference } from './compare-answer.ts'
import type { AppliedEntry } from './replay.ts'

/** What became of the writes of a group. */
export interface MatchedGroup {
  readonly group: WriteGroup
  /** Acknowledged writes whose answer is what their entry gives. */
  readonly matched: number
  /** Acknowledged writes whose entry gives another answer. */
  readonly different: readonly (AnswerDifference & { readonly write: ClientWrite })[]
  /** Acknowledged writes that are left without an entry. */
  readonly lost: readonly ClientWrite[]
  /** Entries that no acknowledged write made. */
  readonly left: readonly AppliedEntry[]
}

/** First gives every acknowledged write the entry that explains its answer, then the first left. */
export function matchGroup(group: WriteGroup): MatchedGroup {
  const left = new Set(group.applied)
  const acknowledged = group.writes.filter(({ outcome }) => outcome === 'ok')
  const unexplained = acknowledged.filter(({ operation }) => {
    const entry = [...left].find((one) => findDifference(operation, one) === undefined)
    return entry === undefined || !left.delete(entry)
  })
  const lost: ClientWrite[] = []
  const different = unexplained.flatMap((write) => {
    const [entry] = left
    const difference = entry && findDifference(write.operation, entry)
    if (entry === undefined || difference === undefined) lost.push(write)
    else left.delete(entry)
    return difference === undefined ? [] : [{ ...difference, write }]
  })
  const matched = acknowledged.length - unexplained.length
  return { group, matched, different, lost, left: [...left] }
}
