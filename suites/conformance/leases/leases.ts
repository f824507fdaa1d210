import { etcd, timing, traitsOf } from '../../../harness/index.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { attachments } from './attachments.ts'
import { expirations } from './expiry.ts'
import { renewals } from './renewals.ts'

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
