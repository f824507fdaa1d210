import type { CheckInput } from '../../checkers/checker.ts'
import { lowerBound } from '../../core/lower-bound.ts'
import type { TimeSpan } from '../../core/spans.ts'
import { operations } from '../../history/join.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import { classOf } from '../../history/operation-class.ts'
import { isRequest, nameOfAddressee } from '../../history/request.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'

interface Stream {
  readonly member: string
  readonly openedNs: number
  /** Of the member's own watcher, which is there from the start on; late watchers come and go. */
  readonly isOwn: boolean
}

export interface WatchedChange extends Pick<Stream, 'member' | 'isOwn'> {
  readonly phase: 'before' | 'after'
  /** From the member's first answer that shows the write to its watcher; of no length where it came before. */
  readonly lag: TimeSpan
}

/**
 * The acknowledged writes that watchers received which were there when the write was sent, while no fault was
 * in force, and how much later than their member showed the write in an answer, by the answer's revision.
 */
export function watchedChanges(
  { history, watches }: Required<Pick<CheckInput, 'history' | 'watches'>>,
  { phases }: Pick<ServedDrill, 'phases'>,
): WatchedChange[] {
  const sent = sentWrites(history)
  const shown = whenShown(history)
  return [...changesOf(watches)].flatMap(({ member, isOwn, openedNs, revision, timeNs: toNs }) => {
    const sentNs = sent.get(revision)
    if (sentNs === undefined || sentNs < openedNs) return []
    const phase = phaseOf({ dueNs: sentNs }, phases)
    if (phase !== 'before' && phase !== 'after') return []
    return [
      { member, isOwn, phase, lag: { fromNs: Math.min(shown(member, revision), toNs), toNs } },
    ]
  })
}

/** When the write of a revision was sent. One that changes nothing has the revision of a write before it. */
function sentWrites(history: CheckInput['history']): Map<number, number> {
  const sent = new Map<number, number>()
  for (const { invoke, completion, outcome } of operations(history)) {
    const revision = completion?.revision
    const isWrite = isRequest(invoke) && classOf(invoke) === 'write'
    if (!isWrite || outcome !== 'ok' || revision === undefined) continue
    sent.set(revision, Math.min(invoke.timeNs, sent.get(revision) ?? Infinity))
  }
  return sent
}

/** When a member first answered with that revision or a later one; Infinity when it never did. */
function whenShown(history: CheckInput['history']): (member: string, revision: number) => number {
  const answers = operations(history).flatMap(({ invoke, completion, outcome }) => {
    const revision = completion?.settled === true ? undefined : completion?.revision
    if (outcome !== 'ok' || completion === undefined || revision === undefined) return []
    return [{ member: nameOfAddressee(invoke), revision, timeNs: completion.timeNs }]
  })
  const newest = new Map<string, { readonly times: number[]; readonly revisions: number[] }>()
  for (const { member, revision, timeNs } of answers.sort((a, b) => a.timeNs - b.timeNs)) {
    const own = newest.get(member) ?? { times: [], revisions: [] }
    newest.set(member, own)
    if (revision <= (own.revisions.at(-1) ?? 0)) continue
    own.times.push(timeNs)
    own.revisions.push(revision)
  }
  return (member, revision) => {
    const { times, revisions } = newest.get(member) ?? { times: [], revisions: [] }
    return times[lowerBound(revisions, revision)] ?? Infinity
  }
}

/** When each watcher received the first event of each revision. */
function* changesOf({ entries }: Pick<WatchLog, 'entries'>) {
  const streams = new Map<number, Stream>()
  for (const entry of entries) {
    if (entry.type === 'open') {
      const { member, timeNs: openedNs, watcher } = entry
      streams.set(entry.stream, { member, openedNs, isOwn: watcher === undefined })
    }
    const stream = entry.type === 'events' ? streams.get(entry.stream) : undefined
    if (entry.type !== 'events' || stream === undefined) continue
    const revisions = new Set(entry.events.map(({ modRevision }) => modRevision))
    for (const revision of revisions) yield { ...stream, revision, timeNs: entry.timeNs }
  }
}
