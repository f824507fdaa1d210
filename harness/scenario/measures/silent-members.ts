import { nsPerMs } from '../../core/clock.ts'
import type { TimeSpan } from '../../core/spans.ts'
import type { Attempt } from './attempts.ts'
import type { Bounds } from './bounds.ts'
import { longSyncNs } from './disk-time.ts'
import { paceOf, totalNs, wasInTime } from './pace-of-machine.ts'
import type { ServedDrill } from './served-drill.ts'
import { findSilences } from './silences.ts'

/** That one of fewer requests of a kind waits says little. */
const fewRequests = 20
/** A shorter time counts as that long: one stall in it is no habit. */
const shortestNs = 5_000 * nsPerMs

type SilenceDrill = Pick<
  ServedDrill,
  'attempts' | 'leaseAttempts' | 'phases' | 'stalls' | 'timers' | 'metrics'
>

/**
 * How many percent of the time without a fault a member kept all requests of a kind, or all that need a
 * leader, or all that need none, waiting for long while this machine ran others in time:
 * the most of any member, before or after the faults. The longest such stall is left out, and so is what
 * long syncs of the members' disks may explain. Where nothing is known of the disks, the lower bound is 0.
 * Undefined without requests.
 *
 * A busy machine delays its load generator as it delays etcd, and a slow disk shows in etcd's metrics.
 */
export function measureSilence(drill: SilenceDrill): {
  readonly measures: { readonly silentPercent?: number }
  readonly bounds: Bounds
} {
  const { before, after } = drill.phases
  const shares = [before === undefined ? [] : [before], after].flatMap((spans) =>
    sharesOf(drill, spans),
  )
  if (shares.length === 0) return { measures: {}, bounds: {} }
  const least = Math.max(...shares.map((share) => share.least))
  const most = Math.max(...shares.map((share) => share.most))
  const why = 'no metrics tell how long the members’ disks took'
  return { measures: { silentPercent: most }, bounds: { silentPercent: { least, most, why } } }
}

function sharesOf(drill: SilenceDrill, spans: readonly TimeSpan[]) {
  const { metrics = [], timers } = drill
  const syncNs = longSyncNs(metrics, spans)
  const pace = paceOf(drill)
  return linesOf(drill).flatMap((line) => {
    const inSpans = spans.map(({ fromNs, toNs }) => {
      const own = line.filter(({ dueNs }) => fromNs <= dueNs && dueNs < toNs)
      const lastNs = own.reduce((last, { dueNs }) => Math.max(last, dueNs), fromNs)
      return { own, lengthNs: lastNs - fromNs }
    })
    if (inSpans.every(({ own }) => own.length === 0)) return []
    const silences = inSpans
      .flatMap(({ own }) => findSilences(own, timers.longWaitNs))
      .filter((silence) => wasInTime(silence, pace))
    const allNs = inSpans.reduce((sum, { lengthNs }) => sum + lengthNs, 0)
    const percent = (ns: number) =>
      Math.round((1_000 * Math.max(0, ns)) / Math.max(allNs, shortestNs)) / 10
    const most = percent(withoutLongest(silences) - (syncNs ?? 0))
    return [{ least: syncNs === undefined ? 0 : most, most }]
  })
}

const withoutLongest = (silences: readonly TimeSpan[]): number =>
  totalNs(silences) - Math.max(0, ...silences.map((one) => totalNs([one])))

/** Requests that wait for one member and one way through it. */
function linesOf({ attempts, leaseAttempts }: SilenceDrill): readonly Attempt[][] {
  const all = [...attempts, ...leaseAttempts]
  const ways = Map.groupBy(all, ({ member, requestClass }) => {
    return `${member} ${requestClass === 'serializable-read'}`
  })
  const kinds = Map.groupBy(all, ({ member, requestClass, kind }) => {
    return `${member} ${requestClass} ${kind}`
  })
  return [...ways.values(), ...[...kinds.values()].filter(({ length }) => length >= fewRequests)]
}
