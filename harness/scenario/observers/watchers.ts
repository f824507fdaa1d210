import { setTimeout as delay } from 'node:timers/promises'
import { range } from '../../client/kv.ts'
import type { Cluster } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { Random } from '../../core/random.ts'
import { openWatchRecorder } from '../../history/watch-recorder.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Route } from '../load/route.ts'
import { catchUp, keepComingLate, type LateWatching } from './late-watchers.ts'
import {
  connectTimeoutMs,
  connectTo,
  everyKey,
  followStream,
  type WatchingParts,
} from './watch-stream.ts'

/** One watcher for each member of the start; each watches every key from the first revision. */
export interface Watchers extends AsyncDisposable {
  /** Each has received everything up to that revision; throws a DeadlineError that says how far they are. */
  untilCaughtUp(revision: number, deadlineMs: number): Promise<void>
  /** One more at that member, from a revision that a client knows; it ends once caught up. */
  follow(member: string, fromRevision: number): void
}

type Late = LateWatching & { readonly random: Random }

const resumeDelayMs = 100

/**
 * Starts them before the first write. A watcher whose stream ends opens another from the revision
 * after the last one that it received, after a compaction from the oldest one left. It requests
 * bookmarks where this version orders them. With `late`, other watchers come and go.
 */
export async function startWatchers(
  cluster: Cluster,
  evidence: ScenarioEvidence,
  route: Route,
  late?: Late,
): Promise<Watchers> {
  const { count, revision } = await readOnce(cluster, route)
  const path = evidence.directory.watches
  const header = { fromEmpty: count === 0 }
  const recorder = openWatchRecorder({ path, header, clock: evidence.clock })
  const stopping = new AbortController()
  const { signal } = stopping
  const asksProgress = featuresOf(cluster.spec.version).has('ordered-watch-progress')
  const common = { cluster, recorder, route, asksProgress }
  const parts = cluster.members.map(({ name }) => ({ ...common, name }))
  const first = revision + 1
  const watchers = parts.map((each) => startWatcher(each, first, signal))
  const newest = () => Math.max(...watchers.map(({ receivedUpTo }) => receivedUpTo()))
  const comeLate = (each: (typeof parts)[number], { everyMs, random }: Late) =>
    keepComingLate({ ...each, everyMs, random: random.fork(each.name), first, newest }, signal)
  const lateWatchers = late ? parts.map((each) => comeLate(each, late)) : []
  return {
    follow: (name, fromRevision) => {
      if (signal.aborted) return
      const watcher = `${name}-joined-${lateWatchers.length}`
      const place = { next: fromRevision, received: 0 }
      lateWatchers.push(catchUp({ ...common, name, newest, watcher }, place, signal))
    },
    untilCaughtUp: (wanted, deadlineMs) => untilAllReceived(watchers, wanted, deadlineMs),
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await Promise.all([...watchers.map(({ ended }) => ended), ...lateWatchers])
      await recorder[Symbol.asyncDispose]()
    },
  }
}

async function readOnce({ members }: Cluster, route: Route) {
  const [member] = members
  if (member === undefined) throw new RangeError('Expected a member to watch, got none')
  const client = connectTo(route, member.name, member.clientEndpoint)
  try {
    return await range(client, { ...everyKey, countOnly: true }, { timeoutMs: connectTimeoutMs })
  } finally {
    client.close()
  }
}

interface Watcher {
  readonly name: string
  readonly receivedUpTo: () => number
  readonly ended: Promise<void>
}

function untilAllReceived(
  watchers: readonly Watcher[],
  wanted: number,
  deadlineMs: number,
): Promise<void> {
  return poll(
    () => {
      const behind = watchers.filter(({ receivedUpTo }) => receivedUpTo() < wanted)
      if (behind.length === 0) return done(undefined)
      return notYet(behind.map((one) => `${one.name} at ${one.receivedUpTo()}`).join(', '))
    },
    { what: `every watcher to reach revision ${wanted}`, deadlineMs },
  )
}

function startWatcher(parts: WatchingParts, first: number, signal: AbortSignal): Watcher {
  const place = { next: first, received: 0 }
  const run = async () => {
    while (!signal.aborted) {
      await followStream(parts, place, { signal })
      await delay(resumeDelayMs, undefined, { signal }).catch(() => {})
    }
  }
  return { name: parts.name, receivedUpTo: () => place.next - 1, ended: run() }
}
