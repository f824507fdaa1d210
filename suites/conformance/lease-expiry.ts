import { done, etcd, notYet, poll } from '../../harness/index.ts'
import type { TopicContext } from './topic.ts'

/** Two leases with the same time to live: one is renewed all the time, the other never. */
export async function expirations({ check, client, drill, prefix }: TopicContext): Promise<void> {
  const within = `${prefix}expired/`
  const ttlS = 5
  const { id: kept } = await etcd.leaseGrant(client(0), { ttlS })
  await etcd.put(client(0), { key: `${within}kept`, value: 'v', lease: kept })
  const renewal = longestGap()
  const beforeMs = performance.now()
  const { id: left } = await etcd.leaseGrant(client(1), { ttlS })
  await etcd.put(client(1), { key: `${within}left`, value: 'v', lease: left })
  const goneMs = await poll(
    async () => {
      await renewal.made(etcd.leaseKeepAliveOnce(client(0), kept))
      const { count } = await etcd.range(client(2), { key: `${within}left` })
      return count === 0 ? done(performance.now() - beforeMs) : notYet('its key is there')
    },
    { what: 'an unrenewed lease to expire', deadlineMs: 20_000, intervalMs: 100 },
  ).catch(() => Number.POSITIVE_INFINITY)
  await check.holds(
    'unrenewed-lease-expires',
    'an unrenewed lease expires with its key, not before its time',
    () => {
      return { held: goneMs >= ttlS * 1_000 && goneMs < 20_000, found: `${goneMs} ms` }
    },
  )
  await check.equal(
    'expired-lease-is-gone',
    'an expired lease does not exist any more',
    -1,
    async () => {
      return (await etcd.leaseTimeToLive(client(0), left)).ttlS
    },
  )
  const { ttlS: now } = await renewal.made(etcd.leaseKeepAliveOnce(client(1), kept))
  if (renewal.longestMs() > ttlS * 1_000) {
    return drill.markInconclusive(
      `a renewal took ${renewal.longestMs()} ms, longer than its lease lives`,
    )
  }
  await check.equal(
    'renewed-lease-lives',
    'a renewed lease stays, and so does its key',
    [ttlS, 1],
    async () => {
      return [now, (await etcd.range(client(0), { key: `${within}kept` })).count]
    },
  )
  await etcd.leaseRevoke(client(0), kept)
}

/** The longest time from the request of a renewal to the answer of the next one. */
function longestGap() {
  let askedMs = performance.now()
  let longestMs = 0
  return {
    made: async <T>(renewal: Promise<T>): Promise<T> => {
      const nowMs = performance.now()
      const answer = await renewal
      longestMs = Math.max(longestMs, performance.now() - askedMs)
      askedMs = nowMs
      return answer
    },
    longestMs: () => Math.round(longestMs),
  }
}
