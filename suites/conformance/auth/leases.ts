import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import type { Users } from './users.ts'

/** Revoking a lease deletes its keys, and attaching a key lets others delete it by revoking. */
export async function checkLeases(
  { check, prefix }: TopicContext,
  { root, reader, writer }: Users,
) {
  const key = `${prefix}part/leased`
  const beside = `${prefix}beside`
  const { id: lease } = await etcd.leaseGrant(root, { ttlS: 600 })
  await etcd.put(root, { key: beside, value: 'kept', lease })
  await check.rejected(
    'lease-revoke-needs-write-permission',
    'a user cannot revoke a lease with a key that it may not write',
    'permission denied',
    () => etcd.leaseRevoke(writer, lease),
  )
  await check.rejected(
    'lease-attach-needs-write-permission',
    'a user cannot attach a key to a lease with a key that it may not write',
    'permission denied',
    () => etcd.put(writer, { key, value: 'v', lease }),
  )
  await check.equal(
    'rejected-lease-requests-change-nothing',
    'rejected requests leave the lease and its key as they were',
    [[beside], 1, 0],
    async () => {
      const { count } = await etcd.range(root, { key: beside })
      const { count: put } = await etcd.range(root, { key })
      return [(await etcd.leaseTimeToLive(root, lease)).keys, count, put]
    },
  )
  await etcd.put(root, { key: beside, value: 'kept' })
  await check.equal(
    'permitted-lease-revoke-deletes-keys',
    'a user revokes a lease with keys that it may write',
    0,
    async () => {
      await etcd.put(writer, { key, value: 'v', lease })
      await etcd.leaseRevoke(writer, lease)
      return (await etcd.range(reader, { key })).count
    },
  )
}
