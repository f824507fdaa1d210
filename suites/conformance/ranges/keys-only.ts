import { etcd, type Scenario } from '../../../harness/index.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'

/** A scenario of its own: where it does not hold, the other ranges do. */
export const keysOnly: Scenario = conformance({
  name: 'keys-only',
  title: 'A keys-only range returns the leases of its keys',
  knownIssue: {
    issue: 'etcd-io/etcd#22209',
    summary: 'a keys-only range returns every key as if it had no lease, unless it sorts by value',
    versions: { since: ['3.7.0'] },
    symptom: { expectations: ['keys-only-returns-leases'] },
  },
  parts: [repeat(leasesOfKeys)],
})

async function leasesOfKeys({ check, client, prefix }: TopicContext): Promise<void> {
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  await etcd.put(client(0), { key: `${prefix}bound`, value: 'v', lease })
  await etcd.put(client(0), { key: `${prefix}free`, value: 'v' })
  const request = { key: prefix, end: etcd.prefixEnd(prefix), keysOnly: true }
  const leasesBy = async (by: 'key' | 'value') => {
    const { kvs } = await etcd.range(client(1), { ...request, sort: { by, order: 'ascend' } })
    return kvs.map((kv) => `${kv.key.slice(prefix.length)} ${kv.lease}`).sort()
  }
  await check.equal(
    'keys-only-sorted-by-value-returns-leases',
    'a keys-only range that is sorted by value returns the leases of its keys',
    [`bound ${lease}`, 'free 0'],
    () => leasesBy('value'),
  )
  await check.equal(
    'keys-only-returns-leases',
    'a keys-only range returns the leases of its keys',
    [`bound ${lease}`, 'free 0'],
    () => leasesBy('key'),
  )
  await etcd.leaseRevoke(client(0), lease)
}
