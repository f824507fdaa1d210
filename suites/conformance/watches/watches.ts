import { etcd } from '../../../harness/index.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { formatEvent } from './collector.ts'

export const watches = conformance({
  name: 'watches',
  title: 'A watch delivers each event of its keys once',
  parts: [
    repeat(liveEvents, 5),
    repeat(resumption, 5),
    repeat(previousValues, 5),
    repeat(filters, 5),
    repeat(futureStart, 5),
    repeat(compactedStart, 5),
  ],
})

/** Puts a three times and deletes it once, with a put of b between; resolves to the revisions. */
async function write({ client }: TopicContext, within: string): Promise<number[]> {
  const put = async (name: string, value: string) =>
    (await etcd.put(client(0), { key: `${within}${name}`, value })).revision
  const revisions = [await put('a', '1'), await put('b', '1'), await put('a', '2')]
  const { revision } = await etcd.deleteKeys(client(0), { key: `${within}a` })
  return [...revisions, revision, await put('a', '3')]
}

const whole = ['put a=1', 'put b=1', 'put a=2', 'delete a', 'put a=3']

const all = (prefix: string) => ({ key: prefix, end: etcd.prefixEnd(prefix) })

/** The events of a watch, once it has received that number of them. */
async function collected(
  context: TopicContext,
  request: etcd.WatchRequest,
  prefix: string,
  events: number,
) {
  using collector = context.collect(etcd.watch(context.client(1), request))
  await collector.until(`${events} events`, () => collector.events().length >= events)
  return collector.events().map((event) => formatEvent(event, prefix))
}

async function liveEvents(context: TopicContext): Promise<void> {
  const { check, client, collect, prefix } = context
  const within = `${prefix}live/`
  using collector = collect(etcd.watch(client(1), all(within)))
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
  const revisions = await write(context, within)
  await check.equal(
    'prefix-watch-delivers-all',
    'a watch of a prefix receives writes made through another member',
    whole,
    async () => {
      await collector.until('all writes', () => collector.events().length >= whole.length)
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

async function resumption(context: TopicContext): Promise<void> {
  const { check, prefix } = context
  const within = `${prefix}resumed/`
  const revisions = await write(context, within)
  for (const [index, startRevision] of revisions.entries()) {
    const rest = whole.slice(index)
    await check.equal(
      'resumed-watch-delivers-rest',
      `a watch from the revision of event ${index + 1} receives that event and all that follow`,
      rest,
      () => collected(context, { ...all(within), startRevision }, within, rest.length),
    )
  }
}

async function previousValues(context: TopicContext): Promise<void> {
  const { check, client, collect, prefix } = context
  const within = `${prefix}previous/`
  const [startRevision = 0] = await write(context, within)
  const of = async (prevKv: boolean) => {
    using collector = collect(etcd.watch(client(2), { ...all(within), startRevision, prevKv }))
    await collector.until('all writes', () => collector.events().length >= whole.length)
    return collector.events().map((event) => event.prevKv?.value)
  }
  const [none, values] = [undefined, [undefined, undefined, '1', '2', undefined]]
  await check.equal(
    'prevkv-watch-has-previous-value',
    'a watch with prevKv receives the previous values',
    values,
    () => of(true),
  )
  await check.equal(
    'watch-without-prevkv-has-none',
    'a watch without prevKv receives no previous values',
    whole.map(() => none),
    () => of(false),
  )
}

async function filters(context: TopicContext): Promise<void> {
  const { check, prefix } = context
  const within = `${prefix}filtered/`
  const [startRevision = 0] = await write(context, within)
  await etcd.deleteKeys(context.client(0), { key: `${within}a` })
  const without = (kind: 'put' | 'delete', events: number) =>
    collected(context, { ...all(within), startRevision, without: [kind] }, within, events)
  await check.equal(
    'noput-filter-leaves-deletes',
    'a watch without puts receives deletes alone',
    ['delete a', 'delete a'],
    () => without('put', 2),
  )
  const puts = whole.filter((event) => event.startsWith('put'))
  await check.equal(
    'nodelete-filter-leaves-puts',
    'a watch without deletes receives puts alone',
    puts,
    () => without('delete', 4),
  )
}

async function futureStart({ check, client, collect, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}future`
  const { revision } = await etcd.put(client(0), { key, value: '0' })
  const startRevision = revision + 30
  using collector = collect(etcd.watch(client(1), { key, startRevision }))
  await collector.created()
  let first: number | undefined
  while (first === undefined) {
    const put = await etcd.put(client(0), { key, value: 'v' })
    if (put.revision >= startRevision) first = put.revision
  }
  await check.equal(
    'future-watch-waits',
    'a watch from a future revision receives no event before it',
    first,
    async () => {
      await collector.until('the first event from there on', () => collector.events().length > 0)
      return collector.events()[0]?.kv.modRevision
    },
  )
}

async function compactedStart(context: TopicContext): Promise<void> {
  const { check, client, collect, prefix } = context
  const within = `${prefix}compacted/`
  const [first = 0, , third = 0] = await write(context, within)
  await etcd.compact(client(0), third)
  // A watch that has received its events before the compaction continues.
  await catchUp(client(1))
  await check.equal(
    'compacted-watch-cancelled',
    'a watch from before the compacted revision is cancelled',
    [true, third],
    async () => {
      using collector = collect(etcd.watch(client(1), { ...all(within), startRevision: first }))
      await collector.until('its cancellation', () => collector.responses.at(-1)?.canceled === true)
      const { canceled, compactRevision } = collector.responses.at(-1) as etcd.WatchResponse
      return [canceled, compactRevision]
    },
  )
  await check.equal(
    'watch-from-compacted-revision',
    'a watch from the compacted revision receives every event',
    whole.slice(2),
    () => collected(context, { ...all(within), startRevision: third }, within, 3),
  )
}
