import { done, etcd, notYet, poll } from '../../harness/index.ts'
import { catchUp, conformance, type TopicContext } from './topic.ts'
import { collectWatch, formatEvent } from './watch-collector.ts'

export const leases = conformance({
  name: 'leases',
  title: 'A lease ends when nobody renews it, no sooner, and takes its keys with it',
  parts: [granted, attached, renewed, expired],
})

async function granted({ check, client }: TopicContext): Promise<void> {
  await check.equal('a lease may have an id of one’s own', '7777', async () => {
    return (await etcd.leaseGrant(client(0), { ttlS: 600, id: '7777' })).id
  })
  await check.refused('the same id again is refused', 'lease already exists', () =>
    etcd.leaseGrant(client(1), { ttlS: 600, id: '7777' }),
  )
  await check.refused('a time beyond what a lease can have is refused', 'too large', () =>
    etcd.leaseGrant(client(1), { ttlS: 9_000_000_001 }),
  )
  await check.holds('one below an election is raised', async () => {
    const { id, ttlS } = await etcd.leaseGrant(client(1), { ttlS: 1 })
    await etcd.leaseRevoke(client(1), id)
    return { held: ttlS > 1, found: `${ttlS} s` }
  })
  await check.equal('every member lists it', [true, true, true], async () => {
    const lists = [0, 1, 2].map(async (index) => {
      await catchUp(client(index))
      return (await etcd.leases(client(index))).includes('7777')
    })
    return Promise.all(lists)
  })
  await etcd.leaseRevoke(client(2), '7777')
  await check.refused('a lease is revoked once', 'requested lease not found', () =>
    etcd.leaseRevoke(client(0), '7777'),
  )
  await check.equal('one that is gone has no time left', -1, async () => {
    return (await etcd.leaseTimeToLive(client(1), '7777')).ttlS
  })
  await check.equal('and cannot be renewed', 0, async () => {
    return (await etcd.leaseKeepAliveOnce(client(2), '7777')).ttlS
  })
}

async function attached({ check, client, prefix }: TopicContext): Promise<void> {
  const within = `${prefix}attached/`
  const all = { key: within, end: etcd.prefixEnd(within) }
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  const { id: other } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  for (const name of ['a', 'b', 'moved', 'freed']) {
    await etcd.put(client(1), { key: `${within}${name}`, value: name, lease })
  }
  await etcd.put(client(1), { key: `${within}moved`, value: 'moved', lease: other })
  const { revision } = await etcd.put(client(1), { key: `${within}freed`, value: 'freed' })
  await check.equal(
    'a lease tells its time and its keys, not those that left it',
    [600, 'between 500 and 600 s', ['a', 'b']],
    async () => {
      const { grantedTtlS, ttlS, keys } = await etcd.leaseTimeToLive(client(2), lease)
      const left = ttlS <= 600 && ttlS > 500 ? 'between 500 and 600 s' : `${ttlS} s`
      return [grantedTtlS, left, keys.map((key) => key.slice(within.length)).sort()]
    },
  )
  using heard = collectWatch(etcd.watch(client(2), { ...all, startRevision: revision + 1 }))
  await heard.created()
  await etcd.leaseRevoke(client(0), lease)
  await check.equal('to revoke it deletes its keys alone', ['freed', 'moved'], async () => {
    const { kvs } = await etcd.range(client(1), all)
    return kvs.map(({ value }) => value)
  })
  await check.equal('at one revision, and watches are told', [1, 'delete a,delete b'], async () => {
    await heard.until('of both keys', () => heard.events().length >= 2)
    const events = heard.events()
    const revisions = new Set(events.map(({ kv }) => kv.modRevision))
    return [
      revisions.size,
      events
        .map((event) => formatEvent(event, within))
        .sort()
        .join(),
    ]
  })
  await etcd.leaseRevoke(client(0), other)
}

async function renewed({ check, client }: TopicContext): Promise<void> {
  const ttlS = 20
  const { id } = await etcd.leaseGrant(client(0), { ttlS })
  const left = async () => (await etcd.leaseTimeToLive(client(1), id)).ttlS
  await check.becomes('its time goes down', async () => {
    const now = await left()
    return now < ttlS - 1 ? done(now) : notYet(`${now} s`)
  })
  const renewedMs = performance.now()
  await check.equal('to renew it, through any member, gives all of it again', ttlS, async () => {
    return (await etcd.leaseKeepAliveOnce(client(2), id)).ttlS
  })
  await check.holds('and then it has all of its time again', async () => {
    const now = await left()
    const passedS = (performance.now() - renewedMs) / 1_000
    const found = `${now} of ${ttlS} s left, ${passedS.toFixed(1)} s after it was renewed`
    return { held: now >= ttlS - 1 - passedS, found }
  })
  await etcd.leaseRevoke(client(0), id)
}

/** Two leases of one length: one is renewed all the time, one never. */
async function expired({ check, client, drill, prefix }: TopicContext): Promise<void> {
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
    { what: 'a lease that nobody renews to end', deadlineMs: 20_000, intervalMs: 100 },
  ).catch(() => Number.POSITIVE_INFINITY)
  await check.holds('a lease that nobody renews ends, with its key, not before its time', () => {
    return { held: goneMs >= ttlS * 1_000 && goneMs < 20_000, found: `${goneMs} ms` }
  })
  await check.equal('it is no lease any more', -1, async () => {
    return (await etcd.leaseTimeToLive(client(0), left)).ttlS
  })
  const { ttlS: now } = await renewal.made(etcd.leaseKeepAliveOnce(client(1), kept))
  if (renewal.longestMs() > ttlS * 1_000) {
    return drill.markInconclusive(
      `a renewal took ${renewal.longestMs()} ms, longer than its lease lives`,
    )
  }
  await check.equal('one that is renewed stays, and so does its key', [ttlS, 1], async () => {
    return [now, (await etcd.range(client(0), { key: `${within}kept` })).count]
  })
  await etcd.leaseRevoke(client(0), kept)
}

/** From when a renewal was asked for until the next one was answered, at the longest. */
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
