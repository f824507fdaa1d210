import {
  type ClusterSpec,
  etcd,
  featuresOf,
  numberOf,
  withOptionsForVersion,
} from '../../../harness/index.ts'
import { fittingBytes, grpcOverheadBytes, mebibyte } from '../../shared/etcd/limits.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { progressNotifications, progressRequests } from './progress.ts'

export const watchStreams = conformance({
  name: 'watch-streams',
  title:
    'Watches on one stream receive their own events alone, and no notification overtakes an event',
  behindDoors: {
    'grpc-proxy':
      'it answers creations in any order and chooses ids itself, and knows neither progress on request nor fragments',
  },
  adjustSpec: withNotifyInterval,
  parts: [
    manyWatches,
    repeat(chosenIds),
    repeat(progressRequests),
    progressNotifications,
    fragments,
  ],
})

/** The default interval of progress notifications is ten minutes. */
function withNotifyInterval(spec: ClusterSpec): ClusterSpec {
  if (!featuresOf(spec.version).has('watch-progress-interval-flag')) return spec
  return withOptionsForVersion(spec, { 'watch-progress-notify-interval': '300ms' })
}

async function manyWatches({ check, client, collect, prefix }: TopicContext): Promise<void> {
  const watches = 100
  const keys = Array.from({ length: watches }, (_, index) => `${prefix}many/${1_000 + index}`)
  const stream = etcd.openWatches(client(1))
  using collector = collect(stream)
  for (const key of keys) stream.create({ key })
  await collector.created(watches)
  const created = collector.responses.filter((response) => response.created)
  await check.equal(
    'watches-on-stream-have-own-ids',
    `${watches} watches on a stream have ${watches} ids`,
    watches,
    () => {
      return new Set(created.map(({ watchId }) => watchId)).size
    },
  )
  for (const key of keys) await etcd.put(client(0), { key, value: key })
  await check.equal(
    'watch-delivers-own-key-once',
    'each watch receives the event of its own key, once',
    keys,
    async () => {
      await collector.until('every key', () => collector.events().length >= watches)
      const received = created.map(({ watchId }) =>
        collector.events(watchId).map(({ kv }) => kv.key),
      )
      return received.map((its) => its.join())
    },
  )
  const [first, second] = created as [etcd.WatchResponse, etcd.WatchResponse]
  stream.cancel(first.watchId)
  await check.becomes('cancel-is-confirmed', 'a cancelled watch receives its cancellation', () => {
    const last = collector.responses.at(-1)
    const isCanceled = last?.canceled === true && last.watchId === first.watchId
    return isCanceled ? { done: true, value: last } : { done: false, last: JSON.stringify(last) }
  })
  for (const key of keys.slice(0, 2)) await etcd.put(client(0), { key, value: 'more' })
  await check.equal(
    'cancelled-watch-is-silent',
    'a cancelled watch receives no event, and the others go on',
    [1, 2],
    async () => {
      await collector.until('the second', () => collector.events(second.watchId).length === 2)
      return [collector.events(first.watchId).length, collector.events(second.watchId).length]
    },
  )
}

async function chosenIds({ check, client, collect, prefix, has }: TopicContext): Promise<void> {
  const key = `${prefix}ids`
  const stream = etcd.openWatches(client(2))
  using collector = collect(stream)
  stream.create({ key, watchId: '77' })
  await collector.created()
  if (!has('watch-ids')) {
    await check.equal('chosen-watch-id-unknown', '3.3 ignores a chosen watch id', '0', () => {
      return collector.responses[0]?.watchId
    })
    return
  }
  await check.equal(
    'watch-takes-chosen-id',
    'a watch is created under an id that the client chooses',
    '77',
    () => {
      return collector.responses[0]?.watchId
    },
  )
  stream.create({ key, watchId: '77' })
  await check.equal(
    'watch-id-unique',
    'a second watch with the same id is rejected',
    [true, true],
    async () => {
      await collector.until('its cancellation', () => collector.responses.length >= 2)
      const last = collector.responses.at(-1)
      return [last?.canceled, last?.cancelReason.includes('duplicate')]
    },
  )
  await etcd.put(client(0), { key, value: 'v' })
  await check.equal(
    'duplicate-id-keeps-first-watch',
    'a rejected duplicate id leaves the first watch open',
    1,
    async () => {
      await collector.until('the put', () => collector.events('77').length > 0)
      return collector.events('77').length
    },
  )
}

/** Several of them must arrive within the deadline of a watch. */
const largestPieceBytes = 4 * mebibyte

async function fragments({ check, client, collect, drill, prefix }: TopicContext): Promise<void> {
  const { members, spec } = drill.cluster
  const key = `${prefix}fragments`
  const valueBytes = fittingBytes(spec, 0.7 * mebibyte)
  const value = 'x'.repeat(valueBytes)
  // A member sends what one request of its own may have in one piece, and gRPC's part beside it.
  const watched = members[1 % members.length]?.name
  const pieceBytes = numberOf(spec, 'max-request-bytes', watched) + grpcOverheadBytes
  if (pieceBytes > largestPieceBytes) {
    const words = `the user’s max-request-bytes makes fragments of up to ${pieceBytes} bytes`
    return drill.mark('note', `${words}, more than the ${largestPieceBytes} that are asked for`)
  }
  const count = Math.max(5, Math.ceil((1.5 * pieceBytes) / valueBytes))
  const revisions: number[] = []
  for (let index = 0; index < count; index++) {
    const { revision } = await etcd.put(client(0), { key, value }, { timeoutMs: 10_000 })
    revisions.push(revision)
  }
  const [startRevision = 0] = revisions
  // A put that arrives later would come in a response of its own, after the last fragment.
  await catchUp(client(1))
  const pieces = async (fragment: boolean) => {
    using collector = collect(etcd.watch(client(1), { key, startRevision, fragment }))
    await collector.until('all puts', () => collector.events().length >= revisions.length)
    const received = collector.events().map(({ kv }) => kv.modRevision)
    const flags = collector.responses.flatMap((each) =>
      each.events.length > 0 ? [each.fragment] : [],
    )
    return { received, flags }
  }
  await check.holds(
    'fragments-are-whole-and-marked',
    'a large response arrives whole in fragments, all but the last marked',
    async () => {
      const { received, flags } = await pieces(true)
      const marks = flags.slice(0, -1).every((flag) => flag) && flags.at(-1) === false
      const isWhole = received.join() === revisions.join()
      return {
        held: isWhole && marks && flags.length > 1,
        found: `revisions ${received.join()} in pieces marked ${flags.join()}`,
      }
    },
  )
  await check.equal(
    'unfragmented-response-is-one',
    'a watch without fragments receives one response',
    [revisions.join(), 1],
    async () => {
      const { received, flags } = await pieces(false)
      return [received.join(), flags.length]
    },
  )
}
