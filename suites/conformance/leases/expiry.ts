import { done, etcd, notYet, poll, timing } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

/** Enough to meet an expiry that a server loses once in twenty times. */
const leases = 60

/** Leases with the same time to live: one is renewed all the time, the others never. */
export async function expirations({ check, client, drill, prefix }: TopicContext): Promise<void> {
  const within = `${prefix}expired/`
  const ttlS = Math.max(5, timing.leastLeaseS(drill.cluster.spec))
  const { id: kept } = await etcd.leaseGrant(client(0), { ttlS })
  await etcd.put(client(0), { key: `${within}kept`, value: 'v', lease: kept })
  const { term } = await etcd.status(client(0))
  const renewal = longestGap()
  const beforeMs = performance.now()
  const leftKeys = `${within}left/`
  const left = await Promise.all(
    Array.from({ length: leases }, async (_, index) => {
      const { id } = await etcd.leaseGrant(client(index), { ttlS })
      const key = `${leftKeys}${index}`
      await etcd.put(client(index), { key, value: 'v', lease: id })
      return { id, key }
    }),
  )
  const deadlineMs = drill.deadlines.leaseMs(ttlS)
  const gone = new Map<string, number>()
  const expiring = poll(
    async () => {
      await renewal.made(etcd.leaseKeepAliveOnce(client(0), kept))
      const { kvs } = await etcd.range(client(2), { key: leftKeys, end: etcd.prefixEnd(leftKeys) })
      for (const { key } of left) {
        if (!gone.has(key) && !kvs.some((kv) => kv.key === key)) {
          gone.set(key, performance.now() - beforeMs)
        }
      }
      return kvs.length === 0 ? done(gone) : notYet(`${kvs.length} of ${leases} keys`)
    },
    { what: 'unrenewed leases to expire', deadlineMs, intervalMs: 100 },
  )
  await check.holds(
    'unrenewed-lease-expires',
    `each of ${leases} unrenewed leases expires with its key, not before its time`,
    async () => {
      const earliestMs = Math.min(...(await expiring).values())
      return { held: earliestMs >= ttlS * 1_000, found: `the first key gone in ${earliestMs} ms` }
    },
  )
  await check.holds(
    'unrenewed-leases-expire-soon',
    'half of the unrenewed leases expire within two seconds after their time, under one leader',
    async () => {
      const times = [...(await expiring).values()].sort((one, other) => one - other)
      const median = Math.round(times[times.length >> 1] ?? 0)
      // A new leader gives each lease its whole time again, and a busy machine sees its end late.
      const isExcused = (await etcd.status(client(0))).term !== term
      const mostMs = drill.deadlines.leaseUnderOneLeaderMs(ttlS) + renewal.longestMs()
      return { held: isExcused || median <= mostMs, found: `half of them gone in ${median} ms` }
    },
  )
  await check.equal(
    'expired-lease-is-gone',
    'an expired lease does not exist any more',
    left.map(() => -1),
    () =>
      Promise.all(
        left.map(async ({ id }, index) => (await etcd.leaseTimeToLive(client(index), id)).ttlS),
      ),
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
