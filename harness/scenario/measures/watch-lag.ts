import type { CheckInput } from '../../checkers/checker.ts'
import { nsPerMs } from '../../core/clock.ts'
import { operations } from '../../history/join.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import { classOf } from '../../history/operation-class.ts'
import { isRequest } from '../../history/request.ts'
import type { Bounds } from './bounds.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'
import { quantileOf } from './service.ts'
import { isBusy } from './stalls.ts'

/** The median of fewer events is no member's. */
const fewEvents = 20

/**
 * How much later than a write's acknowledgement a watcher receives its change: the median at the member
 * where it is the highest, before or after the faults, of the watchers that were there when the write was
 * sent, while no fault was in force. A slow machine delays both alike. Nothing is measured without a
 * change that a watcher was there for.
 */
export function measureWatchLag(
  { history, watches }: Required<Pick<CheckInput, 'history' | 'watches'>>,
  drill: Pick<ServedDrill, 'attempts' | 'phases' | 'timers'>,
): { readonly measures: Readonly<Record<string, number | null>>; readonly bounds: Bounds } {
  const writes = acknowledgedWrites(history)
  const byMemberAndPhase = new Map<string, number[]>()
  for (const { member, openedNs, revision, timeNs } of changesOf(watches)) {
    const write = writes.get(revision)
    if (write === undefined || write.sentNs < openedNs) continue
    const phase = phaseOf({ dueNs: write.sentNs }, drill.phases)
    if (phase !== 'before' && phase !== 'after') continue
    const lagMs = Math.max(0, timeNs - write.endNs) / nsPerMs
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

interface AcknowledgedWrite {
  readonly sentNs: number
  readonly endNs: number
}

/** By revision, the first answer that has it: a write that changes nothing has one of before. */
function acknowledgedWrites(history: CheckInput['history']): Map<number, AcknowledgedWrite> {
  const writes = new Map<number, AcknowledgedWrite>()
  for (const { invoke, completion, outcome } of operations(history)) {
    const isWrite = isRequest(invoke) && classOf(invoke) === 'write'
    const revision = completion?.revision
    if (!isWrite || outcome !== 'ok' || completion === undefined || revision === undefined) continue
    const known = writes.get(revision)
    if (known !== undefined && known.endNs <= completion.timeNs) continue
    writes.set(revision, { sentNs: invoke.timeNs, endNs: completion.timeNs })
  }
  return writes
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
