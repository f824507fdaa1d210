import { connectMember, type MemberClient } from '../../client/member-client.ts'
import {
  type Watch,
  type WatchEvent,
  type WatchRequest,
  type WatchResponse,
  watch,
} from '../../client/watch.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import type { WatchedEvent } from '../../history/logs/watch.ts'
import type { WatchRecorder } from '../../history/logs/watch-recorder.ts'
import { clientsHave, traitsOf } from '../../topology/door.ts'
import { featuresOf, hasFeature } from '../../topology/etcd-features.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { Route } from '../load/route.ts'

/** Keys from one on; `end` is exclusive, `\0` = no upper bound. */
export interface KeyRange {
  readonly key: string
  readonly end: string
}

export const everyKey: KeyRange = { key: '\0', end: '\0' }
export const connectTimeoutMs = 5_000
const progressIntervalMs = 200

/** What a watcher leaves out. */
export type WatchFilters = Pick<WatchRequest, 'without' | 'prevKv'>

/** A watcher: its cluster, member and route, and the recorder of what it receives. */
export interface WatchingParts {
  readonly cluster: Cluster
  /** Of the member that it watches. */
  readonly name: string
  readonly recorder: WatchRecorder
  readonly route: Route
  /** Absent = every key. */
  readonly keys?: KeyRange | undefined
  readonly filters?: WatchFilters | undefined
  /** Absent for the watcher that the member has from the start. */
  readonly watcher?: string
  /** At the member itself, where others come through a door. */
  readonly direct?: true
}

/** What its cluster has for it: nothing stands before a member that is watched directly. */
export function specFor({
  cluster: { spec },
  direct,
}: Pick<WatchingParts, 'cluster' | 'direct'>): Pick<ClusterSpec, 'version' | 'door'> {
  return direct ? { version: spec.version } : spec
}

/** What names of a member's watchers begin with, behind its door or at the member itself. */
export const ownName = ({ name, direct }: Pick<WatchingParts, 'name' | 'direct'>): string =>
  direct ? `${name}-direct` : name

/** The next revision that a watcher has yet to receive, and how many events it received. */
export interface WatchPlace {
  next: number
  received: number
}

/** Whether watchers ask for bookmarks: where this version orders them, and who answers has some. */
export function asksForProgress(spec: Pick<ClusterSpec, 'version' | 'door'>): boolean {
  return (
    hasFeature(spec.version, 'ordered-watch-progress') &&
    clientsHave(spec, 'watch-progress-requests')
  )
}

export function connectTo(route: Route, member: string, direct: string): MemberClient {
  const { door: name = member, ...way } = route.to(direct)
  return connectMember({ member: name, ...way, timeoutMs: connectTimeoutMs })
}

/**
 * Follows one stream from the place on until the stream ends, the signal aborts or `isEnough`. The
 * place moves with what arrives. It records how the stream ended and never throws for it.
 */
export async function followStream(
  { cluster, name, recorder, route, keys, filters, watcher, direct }: WatchingParts,
  place: WatchPlace,
  { signal, isEnough = () => false }: { signal: AbortSignal; isEnough?: () => boolean },
): Promise<void> {
  const spec = specFor({ cluster, ...(direct && { direct }) })
  const { has } = featuresOf(spec.version)
  const member = cluster.members.find((one) => one.name === name)
  const startRevision = place.next
  if (member === undefined) return
  const traits = traitsOf(spec)
  const knowsRevision = traits?.knowsRevisionOfNewWatch !== false
  if (!has('future-watch-kept') && traits?.keepsStartOfWatch !== true) {
    // Behind a door any of them may be the one that answers.
    const possible = traits === undefined ? [member] : cluster.members
    const ready = await Promise.all(possible.map((one) => isUpTo(one, startRevision - 1)))
    if (ready.includes(false)) return
  }
  // Aborted meanwhile: the listener below would never be called, and the stream never end.
  if (signal.aborted) return
  const stream = recorder.freshStream()
  const client = connectTo(route, name, member.clientEndpoint)
  const named = watcher !== undefined && { watcher }
  recorder.note({
    type: 'open',
    stream,
    member: name,
    startRevision,
    ...keys,
    ...filters,
    ...named,
    ...(direct && { direct }),
  })
  const scope = { ...(keys ?? everyKey), prevKv: true, ...filters }
  const watching = watch(client, { ...scope, startRevision, progressNotify: true })
  const close = () => watching.close()
  signal.addEventListener('abort', close, { once: true })
  const asking = asksForProgress(spec)
    ? setInterval(() => ask(watching), progressIntervalMs)
    : undefined
  let watchId: string | undefined
  let error: string | undefined
  try {
    for await (const response of watching) {
      watchId ??= response.watchId
      note(recorder, { stream, watchId, knowsRevision }, response)
      place.next = nextOf(response, place.next)
      place.received += response.events.length
      if (isCanceled(response) || isEnough()) break
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

/**
 * Where a watch from a future revision does not keep its start, a member that is behind sends events
 * from before it, once it has applied a snapshot (etcd-io/etcd#20221).
 */
function isUpTo(member: Member, revision: number): Promise<boolean> {
  return member.status().then(
    (status) => status.revision >= revision,
    () => false,
  )
}

/** A stream that is ending takes no more requests; its iteration reports why it ended. */
function ask(watching: Watch): void {
  try {
    watching.requestProgress()
  } catch {}
}

function note(
  recorder: WatchRecorder,
  {
    stream,
    watchId,
    knowsRevision,
  }: { readonly stream: number; readonly watchId: string; readonly knowsRevision: boolean },
  response: WatchResponse,
): void {
  const { revision, created, compactRevision, events } = response
  const of = { stream, ...strayFields(response, watchId) }
  // A revision that is not the store's says nothing of it.
  if (created) recorder.note({ type: 'created', ...of, revision: knowsRevision ? revision : 0 })
  if (events.length > 0) {
    recorder.note({ type: 'events', ...of, revision, events: events.map(watchedEvent) })
  }
  if (isCanceled(response)) {
    recorder.note({ type: 'canceled', ...of, compactRevision, reason: response.cancelReason })
  }
  if (isBookmark(response)) recorder.note({ type: 'bookmark', ...of, revision })
}

/** A bookmark may be for every watch of the stream. */
const everyWatch = '-1'

function strayFields(response: WatchResponse, own: string) {
  const { watchId, fragment } = response
  const isOwn = watchId === own || (watchId === everyWatch && isBookmark(response))
  return { ...(!isOwn && { otherWatch: watchId }), ...(fragment && { fragment }) }
}

/** Clients take a compact revision for a cancellation by itself (clientv3's `WatchResponse.Err`). */
function isCanceled({ canceled, compactRevision }: WatchResponse): boolean {
  return canceled || compactRevision > 0
}

function isBookmark(response: WatchResponse): boolean {
  return !response.created && !isCanceled(response) && response.events.length === 0
}

function nextOf(response: WatchResponse, next: number): number {
  if (response.compactRevision > 0) return Math.max(next, response.compactRevision)
  if (isBookmark(response)) return Math.max(next, response.revision + 1)
  return Math.max(next, ...response.events.map(({ kv }) => kv.modRevision + 1))
}

/** A right delete has nothing but its key and revision. */
function watchedEvent({ type, kv, prevKv }: WatchEvent): WatchedEvent {
  const { key, modRevision } = kv
  const prev = prevKv && { prev: stateOf(prevKv) }
  const isBare = type === 'delete' && kv.version === 0 && kv.value === ''
  return { type, key, ...(isBare ? { modRevision } : stateOf(kv)), ...prev }
}

function stateOf({ value, modRevision, createRevision, version, lease }: WatchEvent['kv']) {
  const leased = lease !== '0' && { lease }
  return { value, modRevision, createRevision, version, ...leased }
}
