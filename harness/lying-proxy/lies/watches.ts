import type { Lie, StartLie } from '../lie.ts'
import {
  atRevision,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  plus,
  type WireEvent,
  type WireWatch,
  type WireWatchRequest,
  withOtherValue,
} from '../messages.ts'
import { isOf, watch } from '../methods.ts'

const kind = 'watch'

/** A watch delivers something else than the changes of its keys, once each and in order. */
export const watchLies: readonly Lie[] = [
  {
    kind,
    name: 'watch-response-lost',
    says: 'drops a response with events',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-missing' },
    start: deliversOtherwise(() => []),
  },
  {
    kind,
    name: 'watch-response-twice',
    says: 'sends a response with events twice',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-duplicated' },
    start: deliversOtherwise((response) => [response, response]),
  },
  {
    kind,
    name: 'watch-responses-reordered',
    says: 'sends a response with events after the one that follows it',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-out-of-order' },
    start: (isDue) =>
      onStreams(() => {
        let held: WireWatch | undefined
        return (response) => {
          if (held === undefined && response.events.length > 0 && isDue()) {
            held = response
            return []
          }
          const both = held === undefined ? [response] : [response, held]
          held = undefined
          return both
        }
      }),
  },
  {
    kind,
    name: 'watch-revision-split',
    says: 'delivers the events of one transaction in two responses',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'watch/revision-split' },
    start: deliversOtherwise((response) => {
      const [first, ...rest] = response.events
      const isSplit = first?.kv.modRevision === rest[0]?.kv.modRevision
      if (first === undefined || !isSplit) return undefined
      return [[first], rest].map((events) => ({ ...response, events }))
    }),
  },
  {
    kind,
    name: 'watch-silent-for-good',
    says: 'delivers no more events on any stream, and keeps the streams open',
    every: 1,
    after: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-missing' },
    start: deliversOtherwise(() => []),
  },
  {
    kind,
    name: 'watch-cancelled-as-compacted',
    says: 'cancels a watch for a compaction that never was',
    every: 20,
    detection: {
      scenario: 'quorum-loss/follower-killed',
      members: 3,
      id: 'watch/compaction-not-requested',
    },
    start: deliversOtherwise((response) => {
      const compactRevision = plus(response.events[0]?.kv.modRevision ?? '0', 3)
      return [{ ...response, events: [], canceled: true, compactRevision }]
    }),
  },
  {
    kind,
    name: 'watch-compacted-uncancelled',
    says: 'delivers an event with the revision of a compaction that never was, and cancels no watch',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/compaction-not-requested' },
    start: deliversOtherwise((response) => {
      const compactRevision = plus(response.events[0]?.kv.modRevision ?? '0', 3)
      return [{ ...response, compactRevision }]
    }),
  },
  {
    kind,
    name: 'watch-value-altered',
    says: 'delivers a put with a value that no client wrote',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/watchers-disagree' },
    start: altersEvent((event) => ({ ...event, kv: withOtherValue(event.kv) })),
  },
  {
    kind,
    name: 'watch-delete-as-put',
    says: 'delivers a delete as a put',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'watch/watchers-disagree' },
    start: altersEvent((event) => (event.type === 'Put' ? undefined : { ...event, type: 'Put' })),
  },
  {
    kind,
    name: 'watch-revision-off-by-one',
    says: 'delivers an event with a mod revision that is one too high',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-missing' },
    start: altersEvent(({ kv, ...event }) => {
      return { ...event, kv: { ...kv, modRevision: plus(kv.modRevision, 1) } }
    }),
  },
  {
    kind,
    name: 'watch-previous-value-altered',
    says: 'delivers a previous value that the key never had',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/wrong-previous-value' },
    start: altersEvent((event) =>
      event.prevKv === null ? undefined : { ...event, prevKv: withOtherValue(event.prevKv) },
    ),
  },
  {
    kind,
    name: 'watch-lease-hidden',
    says: 'delivers a put of a leased key without its lease',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'key-metadata/answers-disagree' },
    start: altersEvent(({ kv, ...event }) =>
      kv.lease === '0' ? undefined : { ...event, kv: { ...kv, lease: '0' } },
    ),
  },
  {
    kind,
    name: 'watch-lease-invented',
    says: 'delivers a put of a key without a lease as if it had one',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'key-metadata/answers-disagree' },
    start: altersEvent(({ kv, ...event }) =>
      kv.lease !== '0' || event.type !== 'Put'
        ? undefined
        : { ...event, kv: { ...kv, lease: '5' } },
    ),
  },
  {
    kind,
    name: 'watch-previous-lease-hidden',
    says: 'delivers a previous value of a leased key without its lease',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'watch/wrong-previous-value' },
    start: altersEvent(({ prevKv, ...event }) =>
      prevKv === null || prevKv.lease === '0'
        ? undefined
        : { ...event, prevKv: { ...prevKv, lease: '0' } },
    ),
  },
  {
    kind,
    name: 'watch-delete-with-value',
    says: 'delivers a delete with the value and version that the key had',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'watch/wrong-creation-or-version' },
    start: altersEvent((event) => {
      const { type, kv, prevKv } = event
      if (type === 'Put' || prevKv === null) return undefined
      return { ...event, kv: { ...prevKv, modRevision: kv.modRevision } }
    }),
  },
  {
    kind,
    name: 'watch-of-other-id',
    says: 'delivers events for a watch that the stream does not have',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/response-of-other-watch' },
    start: deliversOtherwise((response) => [
      { ...response, watchId: plus(response.watchId, 1_000) },
    ]),
  },
  {
    kind,
    name: 'watch-fragment-invented',
    says: 'marks a whole response as a fragment',
    every: 20,
    detection: { scenario: 'conformance/key-value', id: 'watch/fragment-not-asked-for' },
    start: deliversOtherwise((response) =>
      response.fragment ? undefined : [{ ...response, fragment: true }],
    ),
  },
  {
    kind,
    name: 'watch-bookmark-ahead',
    says: 'sends a bookmark that is ahead of the store',
    every: 3,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-after-bookmark' },
    start: (isDue) =>
      onStreams(() => (response) => {
        const { created, canceled, events } = response
        const isBookmark = !created && !canceled && events.length === 0
        return [isBookmark && isDue() ? atRevision(response, 1_000) : response]
      }),
  },
  {
    kind,
    name: 'watch-fragment-unmarked',
    says: 'sends the fragments of a response as if each were a whole one',
    every: 1,
    detection: { scenario: 'conformance/watch-streams', id: 'fragments-are-whole-and-marked' },
    start: deliversOtherwise((response) =>
      response.fragment ? [{ ...response, fragment: false }] : undefined,
    ),
  },
  {
    kind,
    name: 'watch-filter-ignored',
    says: 'delivers the events that a watch filters out',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'noput-filter-leaves-deletes' },
    start: createsOtherwise((create) =>
      create.filters.length === 0 ? undefined : { ...create, filters: [] },
    ),
  },
  {
    kind,
    name: 'watch-of-other-keys',
    says: 'delivers the events of other keys, too',
    every: 1,
    detection: { scenario: 'conformance/watches', id: 'key-watch-delivers-own-key' },
    start: createsOtherwise((create) =>
      create.rangeEnd.length > 0
        ? undefined
        : { ...create, key: Buffer.from('\0'), rangeEnd: Buffer.from('\0') },
    ),
  },
  {
    kind,
    name: 'watch-starts-late',
    says: 'starts a watch twenty revisions after the one that the client asks for',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'watch/event-missing' },
    start: createsOtherwise((create) =>
      create.startRevision === '0'
        ? undefined
        : { ...create, startRevision: plus(create.startRevision, 20) },
    ),
  },
]

type Deliver = (response: WireWatch) => readonly WireWatch[]

/** `start` is called for each stream; its result says what the client receives for each response. */
function onStreams(start: () => Deliver): ReturnType<StartLie> {
  return {
    stream: (method) => {
      if (!isOf(method, watch)) return {}
      const deliver = start()
      return {
        response: (bytes, { toClient }) => {
          const response = decodeAnswer<WireWatch>(watch, bytes)
          for (const one of deliver(response)) {
            toClient(one === response ? bytes : encodeAnswer(watch, one))
          }
        },
      }
    },
  }
}

/** Each response with events is an opportunity, unless `deliver` returns undefined for it. */
function deliversOtherwise(
  deliver: (response: WireWatch) => readonly WireWatch[] | undefined,
): StartLie {
  return (isDue) =>
    onStreams(() => (response) => {
      const otherwise = response.events.length === 0 ? undefined : deliver(response)
      return otherwise !== undefined && isDue() ? otherwise : [response]
    })
}

/** Alters the first event of a response that can be altered. */
function altersEvent(alter: (event: WireEvent) => WireEvent | undefined): StartLie {
  return deliversOtherwise((response) => {
    const at = response.events.findIndex((event) => alter(event) !== undefined)
    const event = response.events[at]
    const altered = event && alter(event)
    return altered && [{ ...response, events: response.events.with(at, altered) }]
  })
}

type Creation = NonNullable<WireWatchRequest['createRequest']>

/** Watches something else than the client asks for. */
function createsOtherwise(alter: (create: Creation) => Creation | undefined): StartLie {
  return (isDue) => ({
    stream: (method) => {
      if (!isOf(method, watch)) return {}
      return {
        request: (bytes, { toMember }) => {
          const { createRequest } = decodeRequest<WireWatchRequest>(watch, bytes)
          const altered = createRequest && alter(createRequest)
          const isLie = altered !== undefined && isDue()
          toMember(isLie ? encodeRequest(watch, { createRequest: altered }) : bytes)
        },
      }
    },
  })
}
