import type { CheckInput } from '../../checkers/checker.ts'
import { nsPerMs } from '../../core/clock.ts'
import { lowerBound } from '../../core/lower-bound.ts'
import { operations } from '../../history/join.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import { classOf } from '../../history/operation-class.ts'
import { isRequest, nameOfAddressee } from '../../history/request.ts'
import type { Bounds } from './bounds.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'
import { quantileOf } from './service.ts'
import { isBusy } from './stalls.ts'

/** The median of fewer events is no member's. */
const fewEvents = 20

/**
 * How much later than its member shows an acknowledged write in an answer, by the answer's revision, a
 * watcher receives the change: the median at the member where it is the highest, before or after the
 * faults, of the watchers that were there when the write was sent, while no fault was in force. A slow
 * machine delays both alike, and a follower that applies late is late with both. Nothing is measured
 * without a change that a watcher was there for.
 */
export function measureWatchLag(
  { history, watches }: Required<Pick<CheckInput, 'history' | 'watches'>>,
  drill: Pick<ServedDrill, 'attempts' | 'phases' | 'timers'>,
): { readonly measures: Readonly<Record<string, number | null>>; readonly bounds: Bounds } {
  const sent = sentWrites(history)
  const shown = whenShown(history)
  const byMemberAndPhase = new Map<string, number[]>()
  for (const { member, openedNs, revision, timeNs } of changesOf(watches)) {
    const sentNs = sent.get(revision)
    if (sentNs === undefined || sentNs < openedNs) continue
    const phase = phaseOf({ dueNs: sentNs }, drill.phases)
    if (phase !== 'before' && phase !== 'after') continue
    const lagMs = Math.max(0, timeNs - shown(member, revision)) / nsPerMs
    const own = `${member} ${phase}`
    const lags = byMemberAndPhase.get(own) ?? []
    byMemberAndPhase.set(own, lags)
    lags.push(lagMs)
  }
  const enough = [...byMemberAndPhase.values()].filter(({ length }) => length >= fewEvents)
  const groups = enough.length > 0 ? enough : [[...byMemberAndPhase.values()].flat()]
  const medians = groups.map((lags) => quantileOf(ascending(lags), 0.5))
  const most = Math.max(...medians.map((median) => median ?? 0))
  if (medians.includes(null)) return { measures: {}, bounds: {} }
  const least = isBusy(drill.attempts, drill.timers) ? 0 : most
  const why = 'this machine sent its requests late'
  return { measures: { watchLagP50Ms: most }, bounds: { watchLagP50Ms: { least, most, why } } }
}

const ascending = (values: readonly number[]) => [...values].sort((one, other) => one - other)

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

/** When each member's own watcher received the first event of each revision. */
function* changesOf({ entries }: Pick<WatchLog, 'entries'>) {
  const streams = new Map<number, { readonly member: string; readonly openedNs: number }>()
  for (const entry of entries) {
    if (entry.type === 'open' && entry.watcher === undefined) {
      streams.set(entry.stream, { member: entry.member, openedNs: entry.timeNs })
    }
    const stream = entry.type === 'events' ? streams.get(entry.stream) : undefined
    if (entry.type !== 'events' || stream === undefined) continue
    const revisions = new Set(entry.events.map(({ modRevision }) => modRevision))
    for (const revision of revisions) yield { ...stream, revision, timeNs: entry.timeNs }
  }
}
