import type { Lie } from '../lie.ts'
import { plus, withOtherValue } from '../messages.ts'
import { altersEvent } from '../watch-interceptors.ts'

const kind = 'watch'
const scenario = 'conformance/key-value'

/** An event of a watch says something else than what happened to its key. */
export const watchEventLies: readonly Lie[] = [
  {
    kind,
    name: 'watch-value-altered',
    says: 'delivers a put with a value that no client wrote',
    every: 20,
    detection: { scenario, id: 'watch/watchers-disagree' },
    start: altersEvent((event) => ({ ...event, kv: withOtherValue(event.kv) })),
  },
  {
    kind,
    name: 'watch-delete-as-put',
    says: 'delivers a delete as a put',
    every: 3,
    detection: { scenario, id: 'watch/watchers-disagree' },
    start: altersEvent((event) => (event.type === 'Put' ? undefined : { ...event, type: 'Put' })),
  },
  {
    kind,
    name: 'watch-revision-off-by-one',
    says: 'delivers an event with a mod revision that is one too high',
    every: 20,
    detection: { scenario, id: 'watch/event-missing' },
    start: altersEvent(({ kv, ...event }) => {
      return { ...event, kv: { ...kv, modRevision: plus(kv.modRevision, 1) } }
    }),
  },
  {
    kind,
    name: 'watch-previous-value-altered',
    says: 'delivers a previous value that the key never had',
    every: 20,
    detection: { scenario, id: 'watch/wrong-previous-value' },
    start: altersEvent((event) =>
      event.prevKv === null ? undefined : { ...event, prevKv: withOtherValue(event.prevKv) },
    ),
  },
  {
    kind,
    name: 'watch-lease-hidden',
    says: 'delivers a put of a leased key without its lease',
    every: 3,
    detection: { scenario, id: 'key-metadata/answers-disagree' },
    start: altersEvent(({ kv, ...event }) =>
      kv.lease === '0' ? undefined : { ...event, kv: { ...kv, lease: '0' } },
    ),
  },
  {
    kind,
    name: 'watch-lease-invented',
    says: 'delivers a put of a key without a lease as if it had one',
    every: 20,
    detection: { scenario, id: 'key-metadata/answers-disagree' },
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
    detection: { scenario, id: 'watch/wrong-previous-value' },
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
    detection: { scenario, id: 'watch/wrong-creation-or-version' },
    start: altersEvent((event) => {
      const { type, kv, prevKv } = event
      if (type === 'Put' || prevKv === null) return undefined
      return { ...event, kv: { ...prevKv, modRevision: kv.modRevision } }
    }),
  },
]
