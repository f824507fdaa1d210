import { etcd } from '../../harness/index.ts'
import type { Users } from './auth-users.ts'
import type { TopicContext } from './topic.ts'

/** To revoke a lease deletes its keys, and to put a key on it lets others delete that. */
export async function leasesGuarded(
  { check, prefix }: TopicContext,
  { root, reader, writer }: Users,
) {
  const key = `${prefix}part/leased`
  const beside = `${prefix}beside`
  const { id: lease } = await etcd.leaseGrant(root, { ttlS: 600 })
  await etcd.put(root, { key: beside, value: 'kept', lease })
  await check.refused(
    'a lease with a key that one may not write is not revoked',
    'permission denied',
    () => etcd.leaseRevoke(writer, lease),
  )
  await check.refused(
    'nor is a key put on a lease with a key that one may not write',
    'permission denied',
    () => etcd.put(writer, { key, value: 'v', lease }),
  )
  await check.equal('what was refused left the lease and its key', [[beside], 1, 0], async () => {
    const { count } = await etcd.range(root, { key: beside })
    const { count: put } = await etcd.range(root, { key })
    return [(await etcd.leaseTimeToLive(root, lease)).keys, count, put]
  })
  await etcd.put(root, { key: beside, value: 'kept' })
  await check.equal('a lease with keys that one may write is revoked with them', 0, async () => {
    await etcd.put(writer, { key, value: 'v', lease })
    await etcd.leaseRevoke(writer, lease)
    return (await etcd.range(reader, { key })).count
  })
}
