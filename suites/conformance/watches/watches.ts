import { etcd } from '../../../harness/index.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { formatEvent } from './collector.ts'
import { besideIdleWatches } from './idle.ts'
import { liveEvents } from './live-events.ts'
import { keysBelow, sampleEvents, writeSamples } from './sample-events.ts'

export const watches = conformance({
  name: 'watches',
  title: 'A watch delivers each event of its keys once',
  parts: [
    besideIdleWatches([
      repeat(liveEvents, 5),
      repeat(resumption, 5),
      repeat(previousValues, 5),
      repeat(filters, 5),
      repeat(futureStart, 5),
      repeat(compactedStart, 5),
    ]),
  ],
})

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

async function resumption(context: TopicContext): Promise<void> {
  const { check, prefix } = context
  const within = `${prefix}resumed/`
  const revisions = await writeSamples(context, within)
  for (const [index, startRevision] of revisions.entries()) {
    const rest = sampleEvents.slice(index)
    await check.equal(
      'resumed-watch-delivers-rest',
      `a watch from the revision of event ${index + 1} receives that event and all that follow`,
      rest,
      () => collected(context, { ...keysBelow(within), startRevision }, within, rest.length),
    )
  }
}

async function previousValues(context: TopicContext): Promise<void> {
  const { check, client, collect, prefix } = context
  const within = `${prefix}previous/`
  const [startRevision = 0] = await writeSamples(context, within)
  const of = async (prevKv: boolean) => {
    using collector = collect(
      etcd.watch(client(2), { ...keysBelow(within), startRevision, prevKv }),
    )
    await collector.until('all writes', () => collector.events().length >= sampleEvents.length)
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
    sampleEvents.map(() => none),
    () => of(false),
  )
}

async function filters(context: TopicContext): Promise<void> {
  const { check, prefix } = context
  const within = `${prefix}filtered/`
  const [startRevision = 0] = await writeSamples(context, within)
  await etcd.deleteKeys(context.client(0), { key: `${within}a` })
  const without = (kind: 'put' | 'delete', events: number) =>
    collected(context, { ...keysBelow(within), startRevision, without: [kind] }, within, events)
  await check.equal(
    'noput-filter-leaves-deletes',
    'a watch without puts receives deletes alone',
    ['delete a', 'delete a'],
    () => without('put', 2),
  )
  const puts = sampleEvents.filter((event) => event.startsWith('put'))
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
  const [first = 0, , third = 0] = await writeSamples(context, within)
  await etcd.compact(client(0), third)
  // A watch that has received its events before the compaction continues.
  await catchUp(client(1))
  await check.equal(
    'compacted-watch-cancelled',
    'a watch from before the compacted revision is cancelled',
    [true, third],
    async () => {
      using collector = collect(
        etcd.watch(client(1), { ...keysBelow(within), startRevision: first }),
      )
      await collector.until('its cancellation', () => collector.responses.at(-1)?.canceled === true)
      const { canceled, compactRevision } = collector.responses.at(-1) as etcd.WatchResponse
      return [canceled, compactRevision]
    },
  )
  await check.equal(
    'watch-from-compacted-revision',
    'a watch from the compacted revision receives every event',
    sampleEvents.slice(2),
    () => collected(context, { ...keysBelow(within), startRevision: third }, within, 3),
  )
}
