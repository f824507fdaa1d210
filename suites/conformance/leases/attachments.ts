import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { formatEvent } from '../watches/collector.ts'

export async function attachments(context: TopicContext): Promise<void> {
  const { check, client, collect, drill, prefix } = context
  const within = `${prefix}attached/`
  const all = { key: within, end: etcd.prefixEnd(within) }
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  const { id: other } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  for (const name of ['a', 'b', 'moved', 'freed']) {
    await etcd.put(client(1), { key: `${within}${name}`, value: name, lease })
  }
  await etcd.put(client(1), { key: `${within}moved`, value: 'moved', lease: other })
  const { revision } = await etcd.put(client(1), { key: `${within}freed`, value: 'freed' })
  // A follower passes on what the leader answers to members, which is another way than to clients.
  await check.equalEach(
    'lease-lists-attached-keys',
    'a lease lists its keys, without those that were detached, at every member',
    drill.cluster.members.length,
    async (turn) => {
      const { grantedTtlS, ttlS, keys } = await etcd.leaseTimeToLive(client(turn), lease)
      const left = ttlS <= 600 && ttlS > 500 ? 'between 500 and 600 s' : `${ttlS} s`
      return {
        what: `member ${turn + 1}`,
        found: [grantedTtlS, left, keys.map((key) => key.slice(within.length)).sort()],
        expected: [600, 'between 500 and 600 s', ['a', 'b']],
      }
    },
  )
  using collector = collect(etcd.watch(client(2), { ...all, startRevision: revision + 1 }))
  await collector.created()
  await etcd.leaseRevoke(client(0), lease)
  await check.equal(
    'revoke-deletes-attached-keys-only',
    'revoking a lease deletes its attached keys alone',
    ['freed', 'moved'],
    async () => {
      const { kvs } = await etcd.range(client(1), all)
      return kvs.map(({ value }) => value)
    },
  )
  await check.equal(
    'revoke-deletes-at-one-revision',
    'revoking a lease deletes its keys at one revision, and watches receive it',
    [1, 'delete a,delete b'],
    async () => {
      await collector.until('both keys', () => collector.events().length >= 2)
      const events = collector.events()
      const revisions = new Set(events.map(({ kv }) => kv.modRevision))
      return [
        revisions.size,
        events
          .map((event) => formatEvent(event, within))
          .sort()
          .join(),
      ]
    },
  )
  await etcd.leaseRevoke(client(0), other)
}
