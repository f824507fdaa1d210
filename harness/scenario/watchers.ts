import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { range } from '../client/kv.ts'
import { connectMember, type MemberClient } from '../client/member-client.ts'
import { type Watch, type WatchEvent, type WatchResponse, watch } from '../client/watch.ts'
import type { Cluster } from '../cluster/types.ts'
import { messageOf } from '../core/errors.ts'
import { done, notYet, poll } from '../core/poll.ts'
import type { WatchedEvent } from '../history/watch-log.ts'
import { openWatchRecorder, type WatchRecorder } from '../history/watch-recorder.ts'
import { behaviourOf } from '../topology/versions.ts'
import type { ScenarioEvidence } from './evidence.ts'
import type { Route } from './route.ts'

/** One watcher a member that is there at the start, each told of every key from the first revision. */
export interface Watchers extends AsyncDisposable {
  /** Each has spoken for that revision; throws a DeadlineError that says how far they are. */
  untilCaughtUp(revision: number, deadlineMs: number): Promise<void>
}

const everyKey = { key: '\0', end: '\0' }
const resumeDelayMs = 100
const progressIntervalMs = 200
const firstRead = { timeoutMs: 5_000 }

/**
 * Starts them before anything is written. One whose stream ends asks again from the revision after
 * the last it was told of, after a compaction from the oldest there is, for as long as it is open.
 * Bookmarks are asked for where this version's are in order.
 */
export async function startWatchers(
  cluster: Cluster,
  evidence: ScenarioEvidence,
  route: Route,
): Promise<Watchers> {
  const [first] = cluster.members
  if (first === undefined) throw new RangeError('Expected a member to watch, got none')
  const { count, revision } = await readOnce(connect(route, first.name, first.clientEndpoint))
  const path = join(evidence.directory.path, 'watch.jsonl')
  const header = { fromEmpty: count === 0 }
  const recorder = openWatchRecorder({ path, header, clock: evidence.clock })
  evidence.watches = recorder
  const stopping = new AbortController()
  const asksProgress = behaviourOf(cluster.spec.version).has('ordered-watch-progress')
  const watchers = cluster.members.map(({ name }) =>
    startWatcher({ cluster, name, recorder, route, asksProgress, from: revision + 1 }, stopping),
  )
  return {
    untilCaughtUp: (wanted, deadlineMs) =>
      poll(
        () => {
          const behind = watchers.filter(({ spokenFor }) => spokenFor() < wanted)
          if (behind.length === 0) return done(undefined)
          return notYet(behind.map((one) => `${one.name} at ${one.spokenFor()}`).join(', '))
        },
        { what: `every watcher to reach revision ${wanted}`, deadlineMs },
      ),
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await Promise.all(watchers.map(({ ended }) => ended))
      await recorder[Symbol.asyncDispose]()
    },
  }
}

async function readOnce(client: MemberClient) {
  try {
    return await range(client, { ...everyKey, countOnly: true }, firstRead)
  } finally {
    client.close()
  }
}

function connect(route: Route, member: string, direct: string): MemberClient {
  return connectMember({ member, ...route.to(direct), timeoutMs: firstRead.timeoutMs })
}

interface WatcherParts {
  readonly cluster: Cluster
  readonly name: string
  readonly recorder: WatchRecorder
  readonly route: Route
  readonly asksProgress: boolean
  readonly from: number
}

function startWatcher(parts: WatcherParts, { signal }: AbortController) {
  const place = { next: parts.from }
  const run = async () => {
    while (!signal.aborted) {
      await follow(parts, place, signal)
      await delay(resumeDelayMs, undefined, { signal }).catch(() => {})
    }
  }
  return { name: parts.name, spokenFor: () => place.next - 1, ended: run() }
}

/** One stream, from the place on until it ends; the place moves with what it is told. */
async function follow(
  { cluster, name, recorder, route, asksProgress }: WatcherParts,
  place: { next: number },
  signal: AbortSignal,
): Promise<void> {
  const member = cluster.members.find((one) => one.name === name)
  if (member === undefined) return
  const stream = recorder.freshStream()
  const client = connect(route, name, member.clientEndpoint)
  const startRevision = place.next
  recorder.note({ type: 'open', stream, member: name, startRevision })
  const watching = watch(client, { ...everyKey, startRevision, prevKv: true, progressNotify: true })
  const close = () => watching.close()
  signal.addEventListener('abort', close, { once: true })
  const asking = asksProgress ? setInterval(() => ask(watching), progressIntervalMs) : undefined
  let error: string | undefined
  try {
    for await (const response of watching) {
      note(recorder, stream, response)
      place.next = nextOf(response, place.next)
      if (response.canceled) break
    }
  } catch (thrown) {
    error = messageOf(thrown)
  } finally {
    clearInterval(asking)
    signal.removeEventListener('abort', close)
    recorder.note({ type: 'closed', stream, ...(error !== undefined && { error }) })
    client.close()
  }
}

/** A stream that is ending cannot be asked any more, and says so in its iteration. */
function ask(watching: Watch): void {
  try {
    watching.requestProgress()
  } catch {}
}

function note(recorder: WatchRecorder, stream: number, response: WatchResponse): void {
  const { revision, created, canceled, compactRevision, events } = response
  if (created) recorder.note({ type: 'created', stream, revision })
  if (events.length > 0) {
    recorder.note({ type: 'events', stream, revision, events: events.map(watchedEvent) })
  }
  if (canceled) {
    recorder.note({ type: 'canceled', stream, compactRevision, reason: response.cancelReason })
  }
  if (isBookmark(response)) recorder.note({ type: 'bookmark', stream, revision })
}

function isBookmark({ created, canceled, events }: WatchResponse): boolean {
  return !created && !canceled && events.length === 0
}

function nextOf(response: WatchResponse, next: number): number {
  if (response.compactRevision > 0) return Math.max(next, response.compactRevision)
  if (isBookmark(response)) return Math.max(next, response.revision + 1)
  return Math.max(next, ...response.events.map(({ kv }) => kv.modRevision + 1))
}

function watchedEvent({ type, kv, prevKv }: WatchEvent): WatchedEvent {
  const { key, ...state } = stateOf(kv)
  const prev = prevKv && { prev: withoutKey(stateOf(prevKv)) }
  if (type === 'delete') return { type, key, modRevision: state.modRevision, ...prev }
  return { type, key, ...state, ...prev }
}

function stateOf({ key, value, modRevision, createRevision, version }: WatchEvent['kv']) {
  return { key, value, modRevision, createRevision, version }
}

function withoutKey({ value, modRevision, createRevision, version }: ReturnType<typeof stateOf>) {
  return { value, modRevision, createRevision, version }
}
