import { nsPerMs } from '../../core/clock.ts'
import type { Attempt } from '../../history/attempts.ts'
import { findOutages } from '../../history/cluster-outages.ts'
import type { OperationClass } from '../../history/operation-class.ts'
import type { Outage, ServiceTimes } from '../../history/outages.ts'
import type { Mark, OutageRecord } from '../../run-record/run-record.ts'
import type { ServedDrill } from './measures.ts'
import type { Bounds } from './objectives.ts'
import { classNames } from './service.ts'

/** A shorter one is the latency of a request, not an outage. */
const notableMs = 50

/** Measures of each class: of the whole cluster, of any member's clients, of the members left alone. */
const names = {
  write: ['writeOutageMs', 'memberWriteOutageMs', 'otherMembersWriteOutageMs'],
  'linearizable-read': ['readOutageMs', 'memberReadOutageMs', 'otherMembersReadOutageMs'],
  'serializable-read': [
    'serializableReadOutageMs',
    'memberSerializableReadOutageMs',
    'otherMembersSerializableReadOutageMs',
  ],
} as const satisfies Record<OperationClass, readonly [string, string, string]>

export interface MeasuredOutages {
  /**
   * Each is the lower bound of the longest outage. Without a request of the class the cluster's are
   * null, and the others absent.
   */
  readonly measures: Readonly<Record<string, number | null>>
  readonly bounds: Bounds
  /**
   * The cluster's longest, and all of it from five heartbeats on or without an end; each member's
   * longest. In the order of their begins.
   */
  readonly outages: readonly OutageRecord[]
}

/** From the first fault on: what begins after the last heal counts too. */
export function measureOutages({
  attempts,
  windows,
  phases,
  timers,
  endsElsewhere,
}: ServedDrill): MeasuredOutages {
  const { firstFaultNs: fromNs = 0 } = phases
  const targets = new Set(windows.flatMap((window) => window.targets))
  const window = { fromNs, targets, endsElsewhere }
  const perClass = (Object.keys(names) as OperationClass[]).map((requestClass) => {
    const own = attempts.filter((attempt) => attempt.requestClass === requestClass)
    return measureClass(requestClass, own, window, timers)
  })
  return {
    measures: Object.assign({}, ...perClass.map(({ measures }) => measures)),
    bounds: Object.assign({}, ...perClass.map(({ bounds }) => bounds)),
    outages: perClass
      .flatMap(({ outages }) => outages)
      .sort((one, other) => one.beginNs - other.beginNs),
  }
}

interface OutageWindow {
  readonly fromNs: number
  /** Members that a fault was aimed at. */
  readonly targets: ReadonlySet<string>
  /** Then an outage without an end is the scenario's own doing, and nothing is measured by it. */
  readonly endsElsewhere: boolean
}

function measureClass(
  requestClass: OperationClass,
  attempts: readonly Attempt[],
  window: OutageWindow,
  times: ServiceTimes,
): MeasuredOutages {
  const { fromNs, targets, endsElsewhere } = window
  const [ofCluster, ofMember, ofOthers] = names[requestClass]
  const found = findOutages(attempts, times)
  const asked = new Set(attempts.filter(({ sentNs }) => sentNs >= fromNs).map(memberOf))
  const cluster = asked.size > 0 ? found.cluster.filter(endsAfter(fromNs)) : undefined
  const members = [...found.members]
    .filter(([member]) => asked.has(member))
    .map(([member, outages]) => ({ member, outages: outages.filter(endsAfter(fromNs)) }))
  const others = members.filter(({ member }) => !targets.has(member))
  const summaries = [
    { name: ofCluster, outages: cluster },
    { name: ofMember, outages: allOf(members) },
    { name: ofOthers, outages: allOf(others) },
  ].map(({ name, outages }) => {
    const isGivenUp = endsElsewhere && outages?.some(isOpen) === true
    return { name, outages: isGivenUp ? undefined : outages }
  })
  const of = classNames[requestClass]
  const notable = [
    ...notableOf(cluster ?? [], times).map((outage) => ({ of, ...outage })),
    ...members.flatMap(({ member, outages }) =>
      notableOf(
        outages.toSorted(longestFirst).filter((one, at) => at === 0 || isOpen(one)),
        times,
      ).map((outage) => ({ of, member, ...outage })),
    ),
  ]
  return {
    measures: measuresOf(summaries),
    bounds: Object.fromEntries(
      summaries.flatMap(({ name, outages }) => (outages ? [[name, boundsOf(outages)]] : [])),
    ),
    outages: notable.filter((outage) => !(endsElsewhere && isOpen(outage))).map(rounded),
  }
}

const memberOf = ({ member }: Attempt) => member
const isOpen = ({ endNs }: Pick<Outage, 'endNs'>) => endNs === null
const endsAfter =
  (fromNs: number) =>
  ({ endNs }: Outage) =>
    (endNs ?? Number.POSITIVE_INFINITY) > fromNs

/** Undefined when there is no member to measure. */
function allOf(members: readonly { readonly outages: readonly Outage[] }[]) {
  return members.length === 0 ? undefined : members.flatMap(({ outages }) => outages)
}

function notableOf(outages: readonly Outage[], { steadyNs }: ServiceTimes): Outage[] {
  const steadyMs = steadyNs / nsPerMs
  return outages
    .toSorted(longestFirst)
    .filter((outage, at) => at === 0 || isOpen(outage) || outage.leastMs >= steadyMs)
    .filter((outage) => isOpen(outage) || outage.leastMs >= notableMs)
}

interface Summary {
  readonly name: string
  /** Undefined when they were not measured. */
  readonly outages: readonly Outage[] | undefined
}

function measuresOf(summaries: readonly Summary[]): Record<string, number | null> {
  return Object.fromEntries(
    summaries
      .filter(({ name, outages }) => outages !== undefined || isRequired(name))
      .map(({ name, outages }) => [name, outages === undefined ? null : leastOf(outages)]),
  )
}

/** run.json's contract: every scenario with a fault has them. */
function isRequired(name: string): boolean {
  return name === 'writeOutageMs' || name === 'readOutageMs'
}

function longestFirst(one: Outage, other: Outage): number {
  return other.leastMs - one.leastMs || (other.mostMs ?? Infinity) - (one.mostMs ?? Infinity)
}

const leastOf = (outages: readonly Outage[]): number =>
  round(Math.max(0, ...outages.map(({ leastMs }) => leastMs)))

/** An outage whose end was not seen has no upper bound, however long another one is. */
function boundsOf(outages: readonly Outage[]): Bounds[string] {
  const isOpen = outages.some(({ mostMs }) => mostMs === null)
  return {
    least: leastOf(outages),
    most: isOpen ? null : round(Math.max(0, ...outages.map(({ mostMs }) => mostMs ?? 0))),
    why: isOpen ? 'its end was not seen' : 'the requests around it leave it open',
  }
}

function rounded<Any extends Outage>(outage: Any): Any {
  const { leastMs, mostMs } = outage
  return { ...outage, leastMs: round(leastMs), mostMs: mostMs === null ? null : round(mostMs) }
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

const round = (value: number) => Math.round(value * 10) / 10
