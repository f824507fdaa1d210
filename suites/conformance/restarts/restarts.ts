import { done, etcd, faults, notYet, timing } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { catchUp, conformance, type TopicContext } from '../topic.ts'

/** What is no value of a key, and what members therefore have to find again when they start. */
export const restarts = conformance({
  name: 'restarts',
  title: 'Compactions, leases and their keys outlive a restart of every member',
  behindDoors: checksAskMembers,
  faults: [faults.killAll],
  parts: [outliveRestart],
})

interface Before {
  /** Of the first value of a key whose history is compacted. */
  readonly compacted: number
  /** With both keys. */
  readonly kept: string
  readonly ends: { readonly key: string; readonly ttlS: number }
}

async function outliveRestart(context: TopicContext): Promise<void> {
  const { drill } = context
  const before = await prepare(context)
  const killed = await drill.inject(faults.killAll, drill.cluster.members)
  await killed.proved()
  await killed.undo()
  await drill.untilServing()
  await drill.cluster.untilHealthy()
  await expectCompaction(context, before)
  await expectLeases(context, before)
}

const keysOf = (prefix: string) => ['a', 'b'].map((name) => `${prefix}leased/${name}`)

async function prepare({ client, drill, prefix }: TopicContext): Promise<Before> {
  const key = `${prefix}compacted`
  const { revision: compacted } = await etcd.put(client(0), { key, value: 'old' })
  const { revision } = await etcd.put(client(1), { key, value: 'new' })
  await etcd.compact(client(0), revision, { physical: true })
  const { id: kept } = await etcd.leaseGrant(client(1), { ttlS: 600 })
  for (const leased of keysOf(prefix)) {
    await etcd.put(client(2), { key: leased, value: 'v', lease: kept })
  }
  const ends = { key: `${prefix}ends`, ttlS: Math.max(5, timing.leastLeaseS(drill.cluster.spec)) }
  const { id: short } = await etcd.leaseGrant(client(0), { ttlS: ends.ttlS })
  await etcd.put(client(0), { key: ends.key, value: 'v', lease: short })
  return { compacted, kept, ends }
}

async function expectCompaction(
  { check, client, drill, prefix }: TopicContext,
  { compacted }: Before,
): Promise<void> {
  const readOld = (at: number) => async () => {
    await catchUp(client(at))
    return etcd.range(client(at), { key: `${prefix}compacted`, atRevision: compacted })
  }
  await check.rejectedEach(
    'compaction-outlives-restart',
    'every member rejects a read before the revision that was compacted before it was restarted',
    'has been compacted',
    [...drill.cluster.members.keys()].map(readOld),
  )
}

async function expectLeases(
  { check, client, drill, prefix }: TopicContext,
  { kept, ends }: Before,
): Promise<void> {
  const countLeft = async (key: string, at: number) => (await etcd.range(client(at), { key })).count
  const keys = keysOf(prefix)
  // A leader that was elected a moment ago may still answer as the one before.
  await check.becomes(
    'lease-keys-outlive-restart',
    'a lease has its keys after a restart, whichever member is asked',
    async () => {
      for (const at of drill.cluster.members.keys()) {
        const { keys: found } = await etcd.leaseTimeToLive(client(at), kept)
        if ([...found].sort().join() !== keys.join()) return notYet(found.join() || 'no keys')
      }
      return done(keys)
    },
  )
  await check.becomes(
    'lease-ends-after-restart',
    'an unrenewed lease ends after a restart, and its key with it',
    async () => {
      const left = await countLeft(ends.key, 2)
      return left === 0 ? done(left) : notYet('its key is there')
    },
    drill.deadlines.leaseMs(ends.ttlS),
  )
  await check.equal(
    'revocation-after-restart-deletes-keys',
    'a revocation after a restart deletes every key of the lease',
    keys.map(() => 0),
    async () => {
      await etcd.leaseRevoke(client(0), kept)
      return Promise.all(keys.map((key, at) => countLeft(key, at + 1)))
    },
  )
}
