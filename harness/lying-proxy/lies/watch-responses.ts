import type { Lie } from '../lie.ts'
import { atRevision, plus, type WireWatch } from '../messages.ts'
import { altersResponse, onWatches } from '../watch-interceptors.ts'

const kind = 'watch'
const scenario = 'conformance/key-value'

/** Whole responses of a watch are lost, repeated, reordered, cut or wrong about their watch. */
export const watchResponseLies: readonly Lie[] = [
  {
    kind,
    name: 'watch-response-lost',
    says: 'drops a response with events',
    every: 20,
    detection: { scenario, id: 'watch/event-missing' },
    start: altersResponse(() => []),
  },
  {
    kind,
    name: 'watch-response-twice',
    says: 'sends a response with events twice',
    every: 20,
    detection: { scenario, id: 'watch/event-duplicated' },
    start: altersResponse((response) => [response, response]),
  },
  {
    kind,
    name: 'watch-responses-reordered',
    says: 'sends a response with events after the one that follows it',
    every: 20,
    detection: { scenario, id: 'watch/event-out-of-order' },
    start: (isDue) =>
      onWatches(() => {
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
    detection: { scenario, id: 'watch/revision-split' },
    start: altersResponse((response) => {
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
    detection: { scenario, id: 'watch/event-missing' },
    start: altersResponse(() => []),
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
    start: altersResponse((response) => {
      const compactRevision = plus(response.events[0]?.kv.modRevision ?? '0', 3)
      return [{ ...response, events: [], canceled: true, compactRevision }]
    }),
  },
  {
    kind,
    name: 'watch-cancelled-without-reason',
    says: 'cancels a watch without a reason',
    every: 20,
    detection: { scenario, id: 'watch/cancelled-without-reason' },
    start: altersResponse((response) => [{ ...response, events: [], canceled: true }]),
  },
  {
    kind,
    name: 'watch-header-behind',
    says: 'delivers an event under a revision of the store that is older',
    every: 20,
    detection: { scenario, id: 'watch/header-behind-events' },
    start: altersResponse((response) => [atRevision(response, -1)]),
  },
  {
    kind,
    name: 'watch-created-ahead',
    says: 'creates a watch under a revision that the store does not have yet',
    every: 1,
    detection: { scenario, id: 'watch/ahead-of-store' },
    start: (isDue) =>
      onWatches(() => (response) => [
        response.created && isDue() ? atRevision(response, 100_000) : response,
      ]),
  },
  {
    kind,
    name: 'watch-compacted-uncancelled',
    says: 'delivers an event with the revision of a compaction that never was, and cancels no watch',
    every: 20,
    detection: { scenario, id: 'watch/compaction-not-requested' },
    start: altersResponse((response) => {
      const compactRevision = plus(response.events[0]?.kv.modRevision ?? '0', 3)
      return [{ ...response, compactRevision }]
    }),
  },
  {
    kind,
    name: 'watch-of-other-id',
    says: 'delivers events for a watch that the stream does not have',
    every: 20,
    detection: { scenario, id: 'watch/response-of-other-watch' },
    start: altersResponse((response) => [{ ...response, watchId: plus(response.watchId, 1_000) }]),
  },
  {
    kind,
    name: 'watch-fragment-invented',
    says: 'marks a whole response as a fragment',
    every: 20,
    detection: { scenario, id: 'watch/fragment-not-asked-for' },
    start: altersResponse((response) =>
      response.fragment ? undefined : [{ ...response, fragment: true }],
    ),
  },
  {
    kind,
    name: 'watch-bookmark-ahead',
    says: 'sends a bookmark that is ahead of the store',
    every: 3,
    detection: { scenario, id: 'watch/event-after-bookmark' },
    start: (isDue) =>
      onWatches(() => (response) => {
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
    start: altersResponse((response) =>
      response.fragment ? [{ ...response, fragment: false }] : undefined,
    ),
  },
]
