import { nsPerMs } from '../../core/clock.ts'
import type { TimeSpan } from '../../core/spans.ts'
import type { Attempt } from './attempts.ts'
import type { Bounds } from './bounds.ts'
import { meanSyncNs } from './disk-time.ts'
import { paceOf, wasInTime } from './pace-of-machine.ts'
import type { ServedDrill } from './served-drill.ts'
import { quantileOf } from './service.ts'

/** The median of fewer requests is no member's. */
const fewRequests = 20
/**
 * The syncs that a write waits for, one after the other: two of the leader, which may have just begun
 * one, and two of the member that answers.
 */
const syncsOfWrite = 4

type UnhinderedDrill = Pick<ServedDrill, 'attempts' | 'phases' | 'stalls' | 'timers' | 'metrics'>

/**
 * The median of a class of requests at a member, less what syncs of the disks take: of the slowest class and
 * member, before or after the faults. A request during which this machine was slow counts as if it took
 * nothing; in a shorter time than a long wait no machine is slow. The lower bound is 0 where nothing is
 * known of the disks. Undefined without requests.
 */
export function measureUnhindered(drill: UnhinderedDrill): {
  readonly measures: { readonly unhinderedP50Ms?: number }
  readonly bounds: Bounds
} {
  const { before, after } = drill.phases
  const medians = [before === undefined ? [] : [before], after].flatMap((spans) =>
    mediansOf(drill, spans),
  )
  if (medians.length === 0) return { measures: {}, bounds: {} }
  const most = Math.round(10 * Math.max(0, ...medians.map(({ ms }) => ms))) / 10
  const least = medians.every(({ isProved }) => isProved) ? most : 0
  const why = 'no metrics tell how long the members’ disks took'
  return { measures: { unhinderedP50Ms: most }, bounds: { unhinderedP50Ms: { least, most, why } } }
}

function mediansOf(drill: UnhinderedDrill, spans: readonly TimeSpan[]) {
  const { attempts, timers, metrics = [] } = drill
  const syncNs = meanSyncNs(metrics, spans)
  const pace = paceOf(drill)
  const timeOf = ({ sentNs, endNs }: Attempt) => {
    const isHindered =
      endNs - sentNs >= timers.longWaitNs && !wasInTime({ fromNs: sentNs, toNs: endNs }, pace)
    return isHindered ? 0 : (endNs - sentNs) / nsPerMs
  }
  const served = attempts.filter((each) => each.outcome === 'ok' && isIn(spans, each))
  const lines = [
    ...Map.groupBy(served, ({ member, requestClass }) => `${member} ${requestClass}`).values(),
  ]
  const enough = lines.filter(({ length }) => length >= fewRequests)
  return (enough.length > 0 || served.length === 0 ? enough : [served]).map((line) => {
    const times = line.map(timeOf).sort((one, other) => one - other)
    const ms = (quantileOf(times, 0.5) ?? 0) - (syncsOfWrite * (syncNs ?? 0)) / nsPerMs
    return { ms, isProved: syncNs !== undefined }
  })
}

const isIn = (spans: readonly TimeSpan[], { dueNs }: Attempt) =>
  spans.some(({ fromNs, toNs }) => fromNs <= dueNs && dueNs < toNs)
