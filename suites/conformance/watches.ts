import { etcd } from '../../harness/index.ts'
import { catchUp, conformance, type TopicContext } from './topic.ts'
import { collectWatch, formatEvent } from './watch-collector.ts'

export const watches = conformance({
  name: 'watches',
  title: 'A watch delivers each event of its keys once',
  parts: [live, resumed, previous, filtered, future, compacted],
})

/** Three puts and a delete of a, with a put of b between them; the revision of each. */
async function write({ client }: TopicContext, within: string): Promise<number[]> {
  const put = async (name: string, value: string) =>
    (await etcd.put(client(0), { key: `${within}${name}`, value })).revision
  const revisions = [await put('a', '1'), await put('b', '1'), await put('a', '2')]
  const { revision } = await etcd.deleteKeys(client(0), { key: `${within}a` })
  return [...revisions, revision, await put('a', '3')]
}

const whole = ['put a=1', 'put b=1', 'put a=2', 'delete a', 'put a=3']

const all = (prefix: string) => ({ key: prefix, end: etcd.prefixEnd(prefix) })

/** What a watch has been told once the last event of `write` has come, or so many events. */
async function collected(
  bench: TopicContext,
  request: etcd.WatchRequest,
  prefix: string,
  events: number,
) {
  using heard = collectWatch(etcd.watch(bench.client(1), request))
  await heard.until(`of ${events} events`, () => heard.events().length >= events)
  return heard.events().map((event) => formatEvent(event, prefix))
}

async function live(bench: TopicContext): Promise<void> {
  const { check, client, prefix } = bench
  const within = `${prefix}live/`
  using heard = collectWatch(etcd.watch(client(1), all(within)))
  using beside = collectWatch(etcd.watch(client(2), { key: `${within}b` }))
  await Promise.all([heard.created(), beside.created()])
  await check.holds(
    'created-response-first',
    'the first response says that the watch is created, with the store’s revision',
    () => {
      const [first] = heard.responses
      return { held: first?.created === true && first.revision > 0, found: first }
    },
  )
  const revisions = await write(bench, within)
  await check.equal(
    'prefix-watch-delivers-all',
    'a watch of a prefix receives writes made through another member',
    whole,
    async () => {
      await heard.until('of all writes', () => heard.events().length >= whole.length)
      return heard.events().map((event) => formatEvent(event, within))
    },
  )
  await check.equal(
    'event-has-write-revision',
    'each event has the revision that its request returned',
    revisions,
    () => heard.events().map(({ kv }) => kv.modRevision),
  )
  await check.equal(
    'delete-event-resets-version',
    'a delete event has version 0 and the next put has version 1',
    [0, 1],
    () =>
      heard
        .events()
        .slice(3)
        .map(({ kv }) => kv.version),
  )
  await etcd.put(client(0), { key: `${within}b`, value: '2' })
  await check.equal(
    'key-watch-delivers-own-key',
    'a watch of one key receives events of that key alone',
    ['put b=1', 'put b=2'],
    async () => {
      await beside.until('of both puts', () => beside.events().length >= 2)
      return beside.events().map((event) => formatEvent(event, within))
    },
  )
  const steps = ['x', 'y', 'z'].map((name) => ({ put: { key: `${within}${name}`, value: 't' } }))
  await etcd.txn(client(0), { compare: [], success: steps })
  await check.equal(
    'txn-delivered-in-one-response',
    'a transaction arrives in one response',
    3,
    async () => {
      await heard.until('of the transaction', () => heard.events().at(-1)?.kv.value === 't')
      return heard.responses.findLast(({ events }) => events.length > 0)?.events.length
    },
  )
}

async function resumed(bench: TopicContext): Promise<void> {
  const { check, prefix } = bench
  const within = `${prefix}resumed/`
  const revisions = await write(bench, within)
  for (const [index, startRevision] of revisions.entries()) {
    const rest = whole.slice(index)
    await check.equal(
      'resumed-watch-delivers-rest',
      `a watch from the revision of event ${index + 1} receives that event and all that follow`,
      rest,
      () => collected(bench, { ...all(within), startRevision }, within, rest.length),
    )
  }
}

async function previous(bench: TopicContext): Promise<void> {
  const { check, client, prefix } = bench
  const within = `${prefix}previous/`
  const [startRevision = 0] = await write(bench, within)
  const of = async (prevKv: boolean) => {
    using heard = collectWatch(etcd.watch(client(2), { ...all(within), startRevision, prevKv }))
    await heard.until('of all writes', () => heard.events().length >= whole.length)
    return heard.events().map((event) => event.prevKv?.value)
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

async function filtered(bench: TopicContext): Promise<void> {
  const { check, prefix } = bench
  const within = `${prefix}filtered/`
  const [startRevision = 0] = await write(bench, within)
  await etcd.deleteKeys(bench.client(0), { key: `${within}a` })
  const without = (kind: 'put' | 'delete', events: number) =>
    collected(bench, { ...all(within), startRevision, without: [kind] }, within, events)
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

async function future({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}future`
  const { revision } = await etcd.put(client(0), { key, value: '0' })
  const startRevision = revision + 30
  using heard = collectWatch(etcd.watch(client(1), { key, startRevision }))
  await heard.created()
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
      await heard.until('of the first event from there on', () => heard.events().length > 0)
      return heard.events()[0]?.kv.modRevision
    },
  )
}

async function compacted(bench: TopicContext): Promise<void> {
  const { check, client, prefix } = bench
  const within = `${prefix}compacted/`
  const [first = 0, , third = 0] = await write(bench, within)
  await etcd.compact(client(0), third)
  // A watch that has had its events by the time of the compaction goes on.
  await catchUp(client(1))
  await check.equal(
    'compacted-watch-cancelled',
    'a watch from before the compacted revision is cancelled',
    [true, third],
    async () => {
      using heard = collectWatch(etcd.watch(client(1), { ...all(within), startRevision: first }))
      await heard.until('that it is cancelled', () => heard.responses.at(-1)?.canceled === true)
      const { canceled, compactRevision } = heard.responses.at(-1) as etcd.WatchResponse
      return [canceled, compactRevision]
    },
  )
  await check.equal(
    'watch-from-compacted-revision',
    'a watch from the compacted revision receives every event',
    whole.slice(2),
    () => collected(bench, { ...all(within), startRevision: third }, within, 3),
  )
}
