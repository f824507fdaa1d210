import { intersectSpans, type TimeSpan, uniteSpans } from '../../../core/spans.ts'
import type { Attempt } from '../attempts.ts'
import {
  findUnservedSpans,
  type Outage,
  outageOf,
  type ServiceTimes,
  type UnservedSpan,
} from './unserved-spans.ts'

/** The outages of one class of requests. */
export interface ClassOutages {
  /** No member served its clients: those of a client that may ask any member. */
  readonly cluster: readonly Outage[]
  /** Of the clients that are pinned to a member, by its name. */
  readonly members: ReadonlyMap<string, readonly Outage[]>
}

/** Judges one class of requests; `attempts` are all of that class, in the order of sending. */
export function findOutages(attempts: readonly Attempt[], times: ServiceTimes): ClassOutages {
  const streams = [...Map.groupBy(attempts, ({ member }) => member)].map(([member, own]) => {
    return { member, attempts: own, spans: findUnservedSpans(own, times) }
  })
  return {
    cluster: findCommonSpans(streams, times).map(outageOf),
    members: new Map(streams.map(({ member, spans }) => [member, spans.map(outageOf)])),
  }
}

/**
 * Where a door shares out the requests of every client: the stretches between two successes, whoever had
 * them. A success among many failures ends one.
 */
export function findSilences(
  attempts: readonly Attempt[],
  times: Pick<ServiceTimes, 'patienceNs'>,
): readonly Outage[] {
  return findUnservedSpans(attempts, { ...times, steadyNs: 0 }).map(outageOf)
}

interface Stream {
  readonly attempts: readonly Attempt[]
  readonly spans: readonly UnservedSpan[]
}

/**
 * When every member that is asked is out. A member that is not asked yet, or no more, hinders nothing,
 * but the last request that it served speaks for one deadline more: so the last request of a workload
 * that is never answered is no outage of a cluster whose other members served to the end.
 */
function findCommonSpans(streams: readonly Stream[], times: ServiceTimes): UnservedSpan[] {
  const maybe = commonSpans(streams, times, (span) => span.maybe)
  const surely = commonSpans(streams, times, (span) => span.surely)
  const lastNs = Math.max(...streams.map(({ attempts }) => attempts.at(-1)?.sentNs ?? 0))
  let next = 0
  return maybe.flatMap((span) => {
    if (span.fromNs > lastNs) return []
    let longest: TimeSpan = { fromNs: span.fromNs, toNs: span.fromNs }
    for (let found = surely[next]; found !== undefined; found = surely[++next]) {
      if (found.toNs > span.toNs) break
      if (lengthOf(found) > lengthOf(longest)) longest = found
    }
    return [{ surely: longest, maybe: span }]
  })
}

const lengthOf = ({ fromNs, toNs }: TimeSpan) => toNs - fromNs

function commonSpans(
  streams: readonly Stream[],
  times: ServiceTimes,
  part: (span: UnservedSpan) => TimeSpan,
): TimeSpan[] {
  const outs = streams.map(({ spans }) => uniteSpans(spans.map(part)))
  const common = streams
    .map((stream, index) => uniteSpans([...(outs[index] ?? []), ...unaskedSpans(stream, times)]))
    .reduce(intersectSpans, [everSpan])
  return intersectSpans(common, uniteSpans(outs.flat()))
}

const everSpan: TimeSpan = { fromNs: Number.NEGATIVE_INFINITY, toNs: Number.POSITIVE_INFINITY }

function unaskedSpans({ attempts }: Stream, { deadlineNs, steadyNs }: ServiceTimes): TimeSpan[] {
  const [first, last] = [attempts[0], attempts.at(-1)]
  if (first === undefined || last === undefined) return [everSpan]
  const speaksForNs = last.outcome === 'ok' ? deadlineNs + steadyNs : 0
  return [
    { fromNs: Number.NEGATIVE_INFINITY, toNs: first.sentNs },
    { fromNs: last.sentNs + speaksForNs, toNs: Number.POSITIVE_INFINITY },
  ]
}
