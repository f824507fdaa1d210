import { setTimeout as delay } from 'node:timers/promises'
import type { FinalState } from '../../checkers/checker.ts'
import { range } from '../../client/kv.ts'
import type { Cluster } from '../../cluster/types.ts'
import { done, poll } from '../../core/poll.ts'
import { openWatchRecorder } from '../../history/logs/watch-recorder.ts'
import { traitsOf } from '../../topology/door.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Route } from '../load/route.ts'
import { lastToReceive, untilAllReceived, type Watcher } from './catch-up.ts'
import { catchUp, keepComingLate } from './late-watchers.ts'
import {
  asksForProgress,
  connectTimeoutMs,
  connectTo,
  everyKey,
  followStream,
  type WatchingParts,
} from './watch-stream.ts'
import type { WatchingPlan } from './watching-plan.ts'

/**
 * One watcher for each member of the start, from the first revision on, and others that come later.
 */
export interface Watchers extends AsyncDisposable {
  /**
   * Each has received everything up to the final state, one more at each member, from the recent
   * past, too. Only for members that serve: throws a DeadlineError that says how far they are.
   */
  untilCaughtUp(final: FinalState, deadlineMs: number): Promise<void>
  /** One more at that member, from a revision that a client knows; it ends once caught up. */
  follow(member: string, fromRevision: number): void
  /** A client is about to request this compaction. */
  noteCompaction(member: string, revision: number): void
  /** Ends every stream; from now on none begins. */
  stop(): Promise<void>
}

const resumeDelayMs = 100
const startDeadlineMs = 30_000
/** How far in the past the last watchers start: more than a stream's buffer, less than a long run. */
const pastRevisions = 300

/**
 * Starts them before the first write, or in a window at the revision after the last window's. A
 * watcher whose stream ends opens another from the revision after the last one that it received,
 * after a compaction from the oldest one left. It requests bookmarks where this version orders them.
 */
export async function startWatchers(
  cluster: Cluster,
  evidence: ScenarioEvidence,
  route: Route,
  { keys, everyMs, random, recordsCompactions }: WatchingPlan,
): Promise<Watchers> {
  const { revision, isEmpty } = await startOf(evidence, cluster, route)
  const path = evidence.directory.watches
  const records = { recordsCompactions, recordsLeases: true, recordsResponses: true }
  const { sharesWatches = false } = traitsOf(cluster.spec) ?? {}
  const header = { fromEmpty: isEmpty, ...records, ...(sharesWatches && { sharesWatches }) }
  const recorder = openWatchRecorder({ path, header, clock: evidence.clock })
  const stopping = new AbortController()
  const { signal } = stopping
  const common = { cluster, recorder, route, keys }
  const first = revision + 1
  const own = cluster.members.map(({ name }) => startWatcher({ ...common, name }, first, signal))
  const newest = () => Math.max(...own.map(({ receivedUpTo }) => receivedUpTo()))
  const ending = own.map(({ ended }) => ended)
  for (const { name } of cluster.members) {
    const late = { everyMs, random: random.fork(name), first, newest }
    ending.push(keepComingLate({ ...common, ...late, name }, signal))
  }
  const startLast = (from: number) => (name: string) => {
    const last = startWatcher({ ...common, name, watcher: `${name}-last` }, from, signal)
    ending.push(last.ended)
    return last
  }
  const stop = async () => {
    stopping.abort()
    await Promise.all(ending)
  }
  return {
    follow: (name, fromRevision) => {
      if (signal.aborted) return
      const watcher = `${name}-joined-${ending.length}`
      const place = { next: fromRevision, received: 0 }
      ending.push(catchUp({ ...common, name, newest, watcher }, place, signal))
    },
    noteCompaction: (member, compacted) => {
      recorder.note({ type: 'compaction', member, revision: compacted })
    },
    untilCaughtUp: (final, deadlineMs) => {
      const wanted = lastToReceive(final, {
        keys,
        asksForProgress: asksForProgress(cluster.spec),
      })
      const present = cluster.members.map(({ name }) => name)
      const last = present.map(startLast(Math.max(first, wanted - pastRevisions)))
      const serving = own.filter(({ name }) => present.includes(name))
      return untilAllReceived([...serving, ...last], wanted, deadlineMs)
    },
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

function startWatcher(parts: WatchingParts, first: number, signal: AbortSignal): Watcher {
  const place = { next: first, received: 0 }
  const run = async () => {
    while (!signal.aborted) {
      await followStream(parts, place, { signal })
      await delay(resumeDelayMs, undefined, { signal }).catch(() => {})
    }
  }
  const { name, watcher = name } = parts
  return { name, label: watcher, receivedUpTo: () => place.next - 1, ended: run() }
}
