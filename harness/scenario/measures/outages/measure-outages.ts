import { nsPerMs } from '../../../core/clock.ts'
import type { OperationClass } from '../../../history/operation-class.ts'
import type { Mark, OutageRecord } from '../../../run-record/run-record.ts'
import type { Attempt } from '../attempts.ts'
import type { Bounds } from '../bounds.ts'
import type { ServedDrill } from '../served-drill.ts'
import { classNames } from '../service.ts'
import { isBusy } from '../stalls.ts'
import { findOutages, findSilences } from './cluster-outages.ts'
import { type FeltOutage, isOpen, summarizeOutages, tenths } from './summarize-outages.ts'
import type { Outage, ServiceTimes } from './unserved-spans.ts'

/** A shorter one is the latency of a request, not an outage. */
const notableMs = 50

export interface MeasuredOutages {
  readonly measures: Readonly<Record<string, number | null>>
  readonly bounds: Bounds
  /**
   * The cluster's longest and each member's longest, and all of the cluster from five heartbeats on or
   * without an end. In the order of their begins.
   */
  readonly outages: readonly OutageRecord[]
}

/** From the first fault on: what begins after the last heal counts too. */
export function measureOutages(drill: ServedDrill): MeasuredOutages {
  const classes = Object.keys(classNames) as OperationClass[]
  const measured = classes.map((requestClass) => measureClass(requestClass, drill))
  return {
    measures: Object.assign({}, ...measured.map(({ measures }) => measures)),
    bounds: Object.assign({}, ...measured.map(({ bounds }) => bounds)),
    outages: measured
      .flatMap(({ outages }) => outages)
      .sort((one, other) => one.beginNs - other.beginNs),
  }
}

function measureClass(requestClass: OperationClass, drill: ServedDrill): MeasuredOutages {
  const { attempts, windows, phases, timers, endsElsewhere, isBalanced = false } = drill
  const { firstFaultNs: fromNs = 0 } = phases
  const targets = new Set(windows.flatMap((window) => window.targets))
  const own = attempts.filter((attempt) => attempt.requestClass === requestClass)
  const asked = new Set(own.filter(({ sentNs }) => sentNs >= fromNs).map(({ member }) => member))
  const found = findOutages(own, timers)
  const inWindow = (outages: readonly Outage[]) =>
    outages.filter(({ endNs }) => (endNs ?? Number.POSITIVE_INFINITY) > fromNs)
  // The scenario itself gave the cluster up: such an outage says nothing.
  const measurable = (outages: readonly Outage[]) =>
    endsElsewhere && outages.some(isOpen) ? undefined : outages.map(felt)
  const felt = (outage: Outage): FeltOutage => ({
    ...outage,
    isBusy: outage.leastMs >= notableMs && isBusy(during(attempts, outage), timers),
  })
  const cluster = inWindow(found.cluster)
  const members = [...found.members]
    .filter(([member]) => asked.has(member))
    .map(([member, outages]) => ({ member, outages: inWindow(outages) }))
  const allOf = (some: typeof members) =>
    some.length === 0 ? undefined : measurable(some.flatMap(({ outages }) => outages))
  const of = classNames[requestClass]
  const notable = [
    ...notableOf(cluster, timers).map((outage) => ({ of, ...outage })),
    ...members.flatMap(({ member, outages }) => {
      return longestOf(outages, timers).map((outage) => ({ of, member, ...outage }))
    }),
  ]
  return {
    ...summarizeOutages(requestClass, {
      cluster: asked.size === 0 ? undefined : measurable(cluster),
      members: allOf(members),
      otherMembers: allOf(members.filter(({ member }) => !targets.has(member))),
      none:
        isBalanced && asked.size > 0 ? measurable(inWindow(findSilences(own, timers))) : undefined,
    }),
    outages: notable.filter((outage) => !(endsElsewhere && isOpen(outage))).map(rounded),
  }
}

function during(attempts: readonly Attempt[], { beginNs, endNs }: Outage): Attempt[] {
  const toNs = endNs ?? Number.POSITIVE_INFINITY
  return attempts.filter(({ dueNs }) => beginNs <= dueNs && dueNs <= toNs)
}

function notableOf(outages: readonly Outage[], { steadyNs }: ServiceTimes): Outage[] {
  return outages
    .toSorted(longestFirst)
    .filter((one, at) => at === 0 || isOpen(one) || one.leastMs * nsPerMs >= steadyNs)
    .filter((one) => isOpen(one) || one.leastMs >= notableMs)
}

function longestOf(outages: readonly Outage[], times: ServiceTimes): Outage[] {
  return notableOf(outages, times).filter((one, at) => at === 0 || isOpen(one))
}

function longestFirst(one: Outage, other: Outage): number {
  return other.leastMs - one.leastMs || (other.mostMs ?? Infinity) - (one.mostMs ?? Infinity)
}

function rounded<Any extends Outage>(outage: Any): Any {
  const { leastMs, mostMs } = outage
  return { ...outage, leastMs: tenths(leastMs), mostMs: mostMs === null ? null : tenths(mostMs) }
}

/** The cluster's outages of writes and reads, for the timeline. */
export function marksOf(outages: readonly OutageRecord[]): Mark[] {
  return outages.flatMap(({ of, member, beginNs, endNs, leastMs }): Mark[] => {
    if (member !== undefined || of === 'serializable-reads') return []
    const begin: Mark = { timeNs: beginNs, kind: 'outage-begin', of, text: `${of} are out` }
    if (endNs === null) return [begin]
    const text = `${of} are served again after ${leastMs} ms`
    return [begin, { timeNs: endNs, kind: 'outage-end', of, text }]
  })
}
