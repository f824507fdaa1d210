import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { formatEvent } from './collector.ts'
import { keysBelow, sampleEvents, writeSamples } from './sample-events.ts'

export async function liveEvents(context: TopicContext): Promise<void> {
  const { check, client, collect, prefix } = context
  const within = `${prefix}live/`
  using collector = collect(etcd.watch(client(1), keysBelow(within)))
  using beside = collect(etcd.watch(client(2), { key: `${within}b` }))
  await Promise.all([collector.created(), beside.created()])
  await check.holds(
    'created-response-first',
    'the first response says that the watch is created, with the store’s revision',
    () => {
      const [first] = collector.responses
      return { held: first?.created === true && first.revision > 0, found: first }
    },
  )
  const revisions = await writeSamples(context, within)
  await check.equal(
    'prefix-watch-delivers-all',
    'a watch of a prefix receives writes made through another member',
    sampleEvents,
    async () => {
      await collector.until('all writes', () => collector.events().length >= sampleEvents.length)
      return collector.events().map((event) => formatEvent(event, within))
    },
  )
  await check.equal(
    'event-has-write-revision',
    'each event has the revision that its request returned',
    revisions,
    () => collector.events().map(({ kv }) => kv.modRevision),
  )
  await check.equal(
    'delete-event-resets-version',
    'a delete event has version 0 and the next put has version 1',
    [0, 1],
    () =>
      collector
        .events()
        .slice(3)
        .map(({ kv }) => kv.version),
  )
  // Neighbours of what is watched: a key that begins as the watched one does, and the end of the prefix.
  const [longer, end] = [`${within}bb`, etcd.prefixEnd(within)]
  for (const key of [longer, end]) await etcd.put(client(0), { key, value: 'beside' })
  await etcd.put(client(0), { key: `${within}b`, value: '2' })
  await check.equal(
    'key-watch-delivers-own-key',
    'a watch of one key receives events of that key alone',
    ['put b=1', 'put b=2'],
    async () => {
      await beside.until('both puts', () => beside.events().length >= 2)
      return beside.events().map((event) => formatEvent(event, within))
    },
  )
  await check.equal(
    'range-watch-excludes-its-end',
    'a watch of a range receives no event of the key at its end',
    [],
    async () => {
      await collector.until('the last put', () => collector.events().at(-1)?.kv.value === '2')
      return collector.events().flatMap(({ kv }) => (kv.key.startsWith(within) ? [] : [kv.key]))
    },
  )
  const steps = ['x', 'y', 'z'].map((name) => ({ put: { key: `${within}${name}`, value: 't' } }))
  await etcd.txn(client(0), { compare: [], success: steps })
  await check.equal(
    'txn-delivered-in-one-response',
    'a transaction arrives in one response',
    3,
    async () => {
      await collector.until('the transaction', () => collector.events().at(-1)?.kv.value === 't')
      return collector.responses.findLast(({ events }) => events.length > 0)?.events.length
    },
  )
}
