import type { FinalState } from '../../checkers/checker.ts'
import { range } from '../../client/kv.ts'
import type { Cluster } from '../../cluster/types.ts'
import { done, poll } from '../../core/poll.ts'
import { openWatchRecorder } from '../../history/logs/watch-recorder.ts'
import { traitsOf } from '../../topology/door.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Route } from '../load/route.ts'
import { connectTimeoutMs, connectTo, everyKey, type WatchingParts } from './watch-stream.ts'
import { startOnWay, type WatchersOnWay } from './watchers-on-way.ts'
import type { WatchingPlan } from './watching-plan.ts'

/**
 * One watcher for each member of the start, from the first revision on, and others that come later. Where
 * they come through doors that share watches, as many again are at the members themselves: what those
 * receive shows whether the door lost an event, or etcd.
 */
export interface Watchers extends Omit<WatchersOnWay, 'ended'>, AsyncDisposable {
  /** As `untilCaughtUp`, of those at the members themselves, if there are such. */
  untilDirectCaughtUp(final: FinalState, deadlineMs: number): Promise<void>
  /** A client is about to request this compaction. */
  noteCompaction(member: string, revision: number): void
  /** Ends every stream; from now on none begins. */
  stop(): Promise<void>
}

const startDeadlineMs = 30_000

/** Where watchers connect. */
export interface WatchingRoutes {
  /** As the workload's clients do. */
  readonly clients: Route
  /** To the members themselves. */
  readonly direct: Route
}

/**
 * Starts them before the first write, or in a window at the revision after the last window's. A
 * watcher whose stream ends opens another from the revision after the last one that it received,
 * after a compaction from the oldest one left. It requests bookmarks where this version orders them.
 */
export async function startWatchers(
  cluster: Cluster,
  evidence: ScenarioEvidence,
  routes: WatchingRoutes,
  { keys, everyMs, random, recordsCompactions }: WatchingPlan,
): Promise<Watchers> {
  const { revision, isEmpty } = await startOf(evidence, cluster, routes.clients)
  const path = evidence.directory.watches
  const records = { recordsCompactions, recordsLeases: true, recordsResponses: true }
  const sharesWatches = traitsOf(cluster.spec)?.sharesWatches === true
  const header = { fromEmpty: isEmpty, ...records, ...(sharesWatches && { sharesWatches }) }
  const recorder = openWatchRecorder({ path, header, clock: evidence.clock })
  const stopping = new AbortController()
  const { signal } = stopping
  const common = { cluster, recorder, keys }
  const first = revision + 1
  const start = (way: Pick<WatchingParts, 'route' | 'direct'>) =>
    startOnWay({ ...common, ...way }, { first, everyMs, random }, signal)
  const ofClients = start({ route: routes.clients })
  const ofMembers = sharesWatches ? start({ route: routes.direct, direct: true }) : undefined
  const stop = async () => {
    stopping.abort()
    await Promise.all([ofClients.ended(), ofMembers?.ended()])
  }
  return {
    follow: ofClients.follow,
    noteCompaction: (member, compacted) => {
      recorder.note({ type: 'compaction', member, revision: compacted })
    },
    untilCaughtUp: ofClients.untilCaughtUp,
    untilDirectCaughtUp: async (...args) => ofMembers?.untilCaughtUp(...args),
    stop,
    [Symbol.asyncDispose]: async () => {
      await using _closing = recorder
      await stop()
    },
  }
}

/** The revision after which watchers begin, and whether the store holds nothing there. */
async function startOf({ from }: ScenarioEvidence, cluster: Cluster, route: Route) {
  if (from !== undefined) return { revision: from.store.revision, isEmpty: false }
  const { count, revision } = await readOnce(cluster, route)
  return { revision, isEmpty: count === 0 }
}

function readOnce({ members }: Cluster, route: Route) {
  const [member] = members
  if (member === undefined) throw new RangeError('Expected a member to watch, got none')
  const client = connectTo(route, member.name, member.clientEndpoint)
  const options = { timeoutMs: connectTimeoutMs }
  return poll(async () => done(await range(client, { ...everyKey, countOnly: true }, options)), {
    what: `${member.name} to answer the first read`,
    deadlineMs: startDeadlineMs,
  }).finally(client.close)
}
