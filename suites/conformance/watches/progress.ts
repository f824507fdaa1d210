import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { formatEvent } from './collector.ts'

/** Progress notifications on request. */
export async function progressRequests({
  check,
  client,
  collect,
  prefix,
}: TopicContext): Promise<void> {
  const key = `${prefix}requested`
  const stream = etcd.watch(client(1), { key })
  using collector = collect(stream)
  await collector.created()
  const { revision } = await etcd.put(client(0), { key, value: 'one' })
  await collector.until('the put', () => collector.events().length === 1)
  stream.requestProgress()
  const isBookmark = ({ created, events }: etcd.WatchResponse) => !created && events.length === 0
  await check.holds(
    'requested-progress-is-current',
    'a requested progress notification is not older than the last event',
    async () => {
      await collector.until('its progress', () => collector.responses.some(isBookmark))
      const received = collector.responses.find(isBookmark)?.revision ?? 0
      return {
        held: received >= revision,
        found: `progress up to ${received} after a put at ${revision}`,
      }
    },
  )
}

/** Progress notifications at an interval, for watches with `progressNotify` alone. */
export async function progressNotifications({
  check,
  client,
  collect,
  prefix,
  has,
}: TopicContext): Promise<void> {
  if (!has('watch-progress-interval-flag')) return
  const key = `${prefix}notified`
  using asked = collect(etcd.watch(client(1), { key, progressNotify: true }))
  using silent = collect(etcd.watch(client(1), { key }))
  await Promise.all([asked.created(), silent.created()])
  await check.holds(
    'idle-watch-notified',
    'an idle watch with progressNotify receives notifications in order',
    async () => {
      await asked.until('its progress twice', () => asked.responses.length >= 3)
      const revisions = asked.responses.map(({ revision }) => revision)
      const rises = revisions.every((one, index) => one >= (revisions[index - 1] ?? 0))
      return { held: rises && asked.events().length === 0, found: revisions.join() }
    },
  )
  await check.equal(
    'unnotified-watch-is-silent',
    'a watch without progressNotify receives none, and stays open',
    '1, then put =v',
    async () => {
      const before = silent.responses.length
      await etcd.put(client(0), { key, value: 'v' })
      await silent.until('the put', () => silent.events().length === 1)
      return `${before}, then ${silent
        .events()
        .map((event) => formatEvent(event, key))
        .join()}`
    },
  )
}
