import type { CheckInput } from '../../checkers/checker.ts'
import { nsPerMs } from '../../core/clock.ts'
import { slowWaits } from '../../topology/timing.ts'
import type { Bounds } from './bounds.ts'
import { paceOf, totalNs, wasInTime } from './pace-of-machine.ts'
import type { ServedDrill } from './served-drill.ts'
import { quantileOf } from './service.ts'
import { isBusy } from './stalls.ts'
import { type WatchedChange, watchedChanges } from './watched-changes.ts'

/** The median of fewer events is no member's. */
const fewEvents = 20
/** Of fewer events one percent is one or two, which may be chance. */
const fewestEvents = 200

/**
 * How much later than its member shows an acknowledged write in an answer a watcher receives the change.
 * `watchLagP50Ms` is the median at the member where it is the highest, before or after the faults, of the
 * watchers that are there from the start on. `lateEventsPercent` is how many events come very late while this
 * machine ran its load generator in time, of one member's own watchers or late ones, before or after the
 * faults: the highest share; fewer than 200 count as 200. A slow machine delays both the answer and the
 * event, and a follower that applies late is late with both. Nothing is measured without a change that a
 * watcher was there for.
 */
export function measureWatchLag(
  input: Required<Pick<CheckInput, 'history' | 'watches'>>,
  drill: Pick<ServedDrill, 'attempts' | 'phases' | 'stalls' | 'timers'>,
): { readonly measures: Readonly<Record<string, number | null>>; readonly bounds: Bounds } {
  const changes = watchedChanges(input, drill)
  const most = highestMedianMs(changes.filter(({ isOwn }) => isOwn))
  if (most === undefined) return { measures: {}, bounds: {} }
  const least = isBusy(drill.attempts, drill.timers) ? 0 : most
  const why = 'this machine sent its requests late'
  return {
    measures: { watchLagP50Ms: most, lateEventsPercent: lateShare(changes, drill) },
    bounds: { watchLagP50Ms: { least, most, why } },
  }
}

function highestMedianMs(changes: readonly WatchedChange[]): number | undefined {
  if (changes.length === 0) return undefined
  const byMember = Map.groupBy(changes, ({ member, phase }) => `${member} ${phase}`)
  const enough = [...byMember.values()].filter(({ length }) => length >= fewEvents)
  const medians = (enough.length > 0 ? enough : [changes]).map((group) => {
    const lags = group.map(({ lag }) => totalNs([lag]) / nsPerMs)
    return (
      quantileOf(
        lags.sort((one, other) => one - other),
        0.5,
      ) ?? 0
    )
  })
  return Math.max(...medians)
}

function lateShare(
  changes: readonly WatchedChange[],
  drill: Pick<ServedDrill, 'attempts' | 'stalls' | 'timers'>,
): number {
  const pace = paceOf(drill)
  const leastNs = slowWaits * drill.timers.longWaitNs
  const isLate = ({ lag }: WatchedChange) => totalNs([lag]) >= leastNs && wasInTime(lag, pace)
  const groups = Map.groupBy(changes, ({ member, phase, isOwn }) => `${member} ${phase} ${isOwn}`)
  const shares = [...groups.values()].map((group) => {
    return group.filter(isLate).length / Math.max(group.length, fewestEvents)
  })
  return Math.round(1_000 * Math.max(...shares)) / 10
}
