import { done, etcd, notYet, timing, traitsOf } from '../../../harness/index.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { formatEvent } from '../watches/collector.ts'
import { expirations } from './expiry.ts'

export const leases = conformance({
  name: 'leases',
  title: 'A lease expires only when no client renews it, and deletes its keys',
  parts: [repeat(grants), repeat(attachments), renewals, expirations],
})

async function grants({ check, client, drill }: TopicContext): Promise<void> {
  await check.equal(
    'lease-takes-chosen-id',
    'a lease is granted under an id that the client chooses',
    '7777',
    async () => {
      return (await etcd.leaseGrant(client(0), { ttlS: 600, id: '7777' })).id
    },
  )
  await check.rejected(
    'lease-id-unique',
    'a second lease with the same id is rejected',
    'lease already exists',
    () => etcd.leaseGrant(client(1), { ttlS: 600, id: '7777' }),
  )
  await check.rejected(
    'lease-ttl-bounded',
    'a time to live above the maximum is rejected',
    'too large',
    () => etcd.leaseGrant(client(1), { ttlS: 9_000_000_001 }),
  )
  await check.equal(
    'lease-ttl-raised-to-minimum',
    'a time to live below one and a half election timeouts is raised to them',
    Math.max(1, timing.leastLeaseS(drill.cluster.spec)),
    async () => {
      const { id, ttlS } = await etcd.leaseGrant(client(1), { ttlS: 1 })
      await etcd.leaseRevoke(client(1), id)
      return ttlS
    },
  )
  await check.equal(
    'lease-listed-everywhere',
    'every member lists the lease',
    [true, true, true],
    async () => {
      const lists = [0, 1, 2].map(async (index) => {
        await catchUp(client(index))
        return (await etcd.leases(client(index))).includes('7777')
      })
      return Promise.all(lists)
    },
  )
  await check.holds(
    'listed-lease-exists',
    'a member lists no lease that does not exist',
    async () => {
      const invented = await findInventedLeases(client(1))
      return { held: invented.length === 0, found: `lists ${invented.join(', ')}` }
    },
  )
  await check.equal(
    'lease-time-names-its-lease',
    'the time to live is answered with the id of its lease',
    '7777',
    async () => (await etcd.leaseTimeToLive(client(1), '7777')).id,
  )
  await check.equal(
    'renewal-names-its-lease',
    'a renewal is answered with the id of its lease',
    '7777',
    async () => (await etcd.leaseKeepAliveOnce(client(0), '7777')).id,
  )
  await etcd.leaseRevoke(client(2), '7777')
  await check.rejected(
    'revoked-lease-not-revoked-again',
    'a second revocation of a lease is rejected',
    'requested lease not found',
    () => etcd.leaseRevoke(client(0), '7777'),
  )
  await check.equal(
    'revoked-lease-has-no-time',
    'a revoked lease has no time to live',
    -1,
    async () => {
      return (await etcd.leaseTimeToLive(client(1), '7777')).ttlS
    },
  )
  await check.equal(
    'revoked-lease-not-renewed',
    'a revoked lease cannot be renewed',
    traitsOf(drill.cluster.spec)?.goneLeaseTtlS ?? 0,
    async () => {
      return (await etcd.leaseKeepAliveOnce(client(2), '7777')).ttlS
    },
  )
}

/**
 * A lease of the workload may end between the list and the question: then no later list has it. Several
 * lists show one that is not in all of them.
 */
async function findInventedLeases(client: etcd.MemberClient): Promise<readonly string[]> {
  const without: string[] = []
  for (const id of await etcd.leases(client)) {
    const { grantedTtlS } = await etcd.leaseTimeToLive(client, id)
    if (grantedTtlS === 0) without.push(id)
  }
  if (without.length === 0) return []
  await catchUp(client)
  const later = new Set<string>()
  for (let look = 0; look < 3; look++) {
    for (const id of await etcd.leases(client)) later.add(id)
  }
  return without.filter((id) => later.has(id))
}

async function attachments({ check, client, collect, prefix }: TopicContext): Promise<void> {
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
    'lease-lists-attached-keys',
    'a lease lists its keys, without those that were detached',
    [600, 'between 500 and 600 s', ['a', 'b']],
    async () => {
      const { grantedTtlS, ttlS, keys } = await etcd.leaseTimeToLive(client(2), lease)
      const left = ttlS <= 600 && ttlS > 500 ? 'between 500 and 600 s' : `${ttlS} s`
      return [grantedTtlS, left, keys.map((key) => key.slice(within.length)).sort()]
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

/** Enough to meet a renewal that a server loses once in twenty times. */
const renewed = 60

async function renewals({ check, client, drill }: TopicContext): Promise<void> {
  const ttlS = Math.max(20, timing.leastLeaseS(drill.cluster.spec))
  const ids = await Promise.all(
    Array.from({ length: renewed }, async (_, index) => {
      return (await etcd.leaseGrant(client(index), { ttlS })).id
    }),
  )
  const left = () =>
    Promise.all(
      ids.map(async (id, index) => (await etcd.leaseTimeToLive(client(index + 1), id)).ttlS),
    )
  await check.becomes('lease-time-runs-down', 'a lease’s time to live runs down', async () => {
    const most = Math.max(...(await left()))
    return most < ttlS - 1 ? done(most) : notYet(`${most} s`)
  })
  const renewedMs = performance.now()
  await check.equal(
    'renewal-returns-whole-time',
    'a renewal through any member returns the whole time to live',
    ids.map(() => ttlS),
    () =>
      Promise.all(
        ids.map(async (id, index) => (await etcd.leaseKeepAliveOnce(client(index + 2), id)).ttlS),
      ),
  )
  await check.holds(
    'renewal-restores-time',
    'a renewed lease has its whole time to live again',
    async () => {
      const least = Math.min(...(await left()))
      const passedS = (performance.now() - renewedMs) / 1_000
      const found = `${least} of ${ttlS} s left, ${passedS.toFixed(1)} s after it was renewed`
      return { held: least >= ttlS - 1 - passedS, found }
    },
  )
  await Promise.all(ids.map((id, index) => etcd.leaseRevoke(client(index), id)))
}
