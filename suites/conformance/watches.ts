import { etcd } from '../../harness/index.ts'
import { catchUp, conformance, type TopicContext } from './topic.ts'
import { collectWatch, formatEvent } from './watch-collector.ts'

export const watches = conformance({
  name: 'watches',
  title: 'A watch tells every event of its keys once, in order, from the revision asked for',
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
  await check.holds('the creation is told first, with the store’s revision', () => {
    const [first] = heard.responses
    return { held: first?.created === true && first.revision > 0, found: first }
  })
  const revisions = await write(bench, within)
  await check.equal('a prefix tells what is written through another member', whole, async () => {
    await heard.until('of all writes', () => heard.events().length >= whole.length)
    return heard.events().map((event) => formatEvent(event, within))
  })
  await check.equal('each event has the revision that its request was told', revisions, () =>
    heard.events().map(({ kv }) => kv.modRevision),
  )
  await check.equal('a delete has no value, and the key begins again', [0, 1], () =>
    heard
      .events()
      .slice(3)
      .map(({ kv }) => kv.version),
  )
  await etcd.put(client(0), { key: `${within}b`, value: '2' })
  await check.equal('a key alone tells of that key alone', ['put b=1', 'put b=2'], async () => {
    await beside.until('of both puts', () => beside.events().length >= 2)
    return beside.events().map((event) => formatEvent(event, within))
  })
  const steps = ['x', 'y', 'z'].map((name) => ({ put: { key: `${within}${name}`, value: 't' } }))
  await etcd.txn(client(0), { compare: [], success: steps })
  await check.equal('a transaction is told in one piece', 3, async () => {
    await heard.until('of the transaction', () => heard.events().at(-1)?.kv.value === 't')
    return heard.responses.findLast(({ events }) => events.length > 0)?.events.length
  })
}

async function resumed(bench: TopicContext): Promise<void> {
  const { check, prefix } = bench
  const within = `${prefix}resumed/`
  const revisions = await write(bench, within)
  for (const [index, startRevision] of revisions.entries()) {
    const rest = whole.slice(index)
    await check.equal(`from its revision on, event ${index + 1} and what follows`, rest, () =>
      collected(bench, { ...all(within), startRevision }, within, rest.length),
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
  await check.equal('who asks is told what was there before', values, () => of(true))
  await check.equal(
    'who does not is not',
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
  await check.equal('without puts there are deletes alone', ['delete a', 'delete a'], () =>
    without('put', 2),
  )
  const puts = whole.filter((event) => event.startsWith('put'))
  await check.equal('without deletes there are puts alone', puts, () => without('delete', 4))
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
    'a revision to come is waited for: nothing before it is told',
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
  await check.equal('before what was compacted a watch is cancelled', [true, third], async () => {
    using heard = collectWatch(etcd.watch(client(1), { ...all(within), startRevision: first }))
    await heard.until('that it is cancelled', () => heard.responses.at(-1)?.canceled === true)
    const { canceled, compactRevision } = heard.responses.at(-1) as etcd.WatchResponse
    return [canceled, compactRevision]
  })
  await check.equal('from what was compacted it is told all', whole.slice(2), () =>
    collected(bench, { ...all(within), startRevision: third }, within, 3),
  )
}
