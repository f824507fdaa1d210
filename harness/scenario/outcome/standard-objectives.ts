import type { Objective } from '../../run-record/scenario-plan.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { longWaitMs, slowWaits, steadyMs } from '../../topology/timing.ts'
import type { WorkloadSpec } from '../../workload/workload.ts'

/** Half of the requests take so much of their deadline at most. */
const deadlineShare = 0.5

/** Of fewer a second a steady state, which may be as short, has none now and then. */
const fewExpected = 5

/** etcd catches up with watchers that fell behind so often (`watchResyncPeriod`). */
const resyncMs = 100

/**
 * What every scenario promises its clients while no fault is in force: half of the requests of a class
 * are served within five heartbeats, and within half of their deadline, at each member and of each kind
 * of request, too. Of the others a few take half of their deadline, see slow-requests.ts, and fewer are
 * not served at all, see error-budget.ts. A member that keeps all requests waiting does so seldom, see
 * silent-members.ts. Half of the changes reach a
 * member's watcher soon after they are acknowledged, see watch-lag.ts.
 */
export function standardObjectives(
  { mix, ratePerS, timeoutMs }: Pick<WorkloadSpec, 'mix' | 'ratePerS' | 'timeoutMs'>,
  spec: Pick<ClusterSpec, 'heartbeatIntervalMs' | 'electionTimeoutMs'>,
  isWatched: boolean,
): Objective[] {
  const atMost = Math.min(steadyMs(spec), deadlineShare * timeoutMs)
  const from = `five heartbeats of ${spec.heartbeatIntervalMs} ms, or half of a deadline of ${timeoutMs} ms`
  const weights = Object.values(mix).reduce((all, one) => all + one, 0)
  const expectedSerializable = (ratePerS * (mix['serializable-get'] ?? 0)) / weights
  const writes = (mix.put ?? 0) + (mix.cas ?? 0) + (mix.delete ?? 0) > 0
  return [
    ...(writes ? bound(['writeP50Ms', 'memberWriteP50Ms'], { atMost, from }) : []),
    ...(mix.get ? bound(['readP50Ms', 'memberReadP50Ms'], { atMost, from }) : []),
    ...(expectedSerializable >= fewExpected
      ? bound(['serializableReadP50Ms', 'memberSerializableReadP50Ms'], { atMost, from })
      : []),
    ...(writes || mix.get ? bound(['slowestKindP50Ms'], { atMost, from }) : []),
    ...(writes || mix.get ? bound(['slowRequestsPercent'], slowRequests(timeoutMs)) : []),
    ...(writes || mix.get ? bound(['silentPercent'], silence(spec)) : []),
    ...(writes || mix.get ? bound(['unhinderedP50Ms'], unhindered(spec)) : []),
    ...(writes && isWatched ? ofWatches(spec) : []),
  ]
}

/** A member serves requests in about the order of their arrival. */
const slowRequests = (timeoutMs: number) => ({
  atMost: 2,
  from: `those that take half of a deadline of ${timeoutMs} ms while later ones are served`,
})

type Heartbeat = Pick<ClusterSpec, 'heartbeatIntervalMs'>

/** The longest stall is left out, and so is what this machine or its disks may explain. */
const silence = (spec: Heartbeat) => ({
  atMost: 10,
  from: `the time in which requests wait for ${longWaitMs(spec)} ms or longer and neither this machine nor its disks are slow`,
})

const unhindered = (spec: Heartbeat) => ({
  atMost: 2 * longWaitMs(spec),
  from: `twice the ${longWaitMs(spec)} ms of which etcd warns or which are its heartbeat, where neither this machine nor its disks are slow`,
})

const ofWatches = (spec: Heartbeat): Objective[] => {
  const slowMs = slowWaits * longWaitMs(spec)
  const resync = `etcd catches up with watchers that fell behind every ${resyncMs} ms`
  const lateEvents = `those that come ${slowMs} ms or more after their member shows the change`
  const slowWatches = `those that a member confirms after ${slowMs} ms or more`
  const brokenWatches = 'without a fault only a compaction ends a watch'
  return [
    ...bound(['watchLagP50Ms'], { atMost: resyncMs, from: resync }),
    ...bound(['lateEventsPercent'], { atMost: 2, from: lateEvents }),
    ...bound(['slowWatches'], { atMost: 2, from: slowWatches }),
    ...bound(['brokenWatches'], { atMost: 2, from: brokenWatches }),
  ]
}

const bound = (
  measures: readonly Objective['measure'][],
  { atMost, from }: { readonly atMost: number; readonly from: string },
): Objective[] => measures.map((measure) => ({ measure, atMost, from }))
