import {
  type Drill,
  done,
  etcd,
  GuaranteeBrokenError,
  type Member,
  notYet,
  poll,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd-errors.ts'
import { rejectionOf } from '../shared/rejection.ts'

const slow = { timeoutMs: 30_000 }

/**
 * What brings a cluster back after NOSPACE, in the order that works: delete what is not needed,
 * compact, defragment every member, disarm. Measures the time from its first step to the first
 * write that is served.
 */
export async function recover(drill: Drill): Promise<void> {
  const startedNs = drill.nowNs()
  await deleteFiller(drill)
  await compactAll(drill)
  await defragmentEach(drill, drill.cluster.members)
  await disarmAll(drill)
  await drill.untilServing()
  drill.measure('recoveryMs', (drill.nowNs() - startedNs) / 1e6)
  drill.mark('note', 'deleted, compacted, defragmented and disarmed: writes are served')
}

export async function deleteFiller(drill: Drill): Promise<void> {
  const member = await drill.cluster.leader()
  const prefix = 'filler/'
  await etcd.deleteKeys(drill.client(member), { key: prefix, end: etcd.prefixEnd(prefix) }, slow)
}

/** Physical: returns when the revisions are gone from the database, not when it is decided. */
export async function compactAll(drill: Drill): Promise<number> {
  const member = await drill.cluster.leader()
  const client = drill.client(member)
  const { revision } = await etcd.range(client, { key: 'k0' }, slow)
  const rejection = await rejectionOf(etcd.compact(client, revision, { ...slow, physical: true }))
  if (rejection !== undefined && !isError(rejection, etcdErrors.compacted))
    throw new GuaranteeBrokenError(`expected a compaction, observed ${rejection.message}`, {
      expectation: 'nospace-allows-compaction',
    })
  for (const each of drill.cluster.members) await untilCompacted(each, revision)
  return revision
}

/** The others compact in the background, and say so in their logs and nowhere else. */
async function untilCompacted(member: Member, revision: number): Promise<void> {
  const line = new RegExp(`finished scheduled compaction.*\\b${revision}\\b`)
  await poll(
    async () => (line.test(await member.logs()) ? done(undefined) : notYet('it goes on')),
    { what: `${member.name} to have compacted`, deadlineMs: 20_000 },
  )
}

/** One after the other, as one should: each answers nothing while it is at it. */
export async function defragmentEach(drill: Drill, members: readonly Member[]): Promise<void> {
  for (const member of members) await etcd.defragment(drill.client(member), slow)
}

/** Every alarm there is, whoever raised it. */
export async function disarmAll(drill: Drill): Promise<void> {
  const member = await drill.cluster.leader()
  const client = drill.client(member)
  for (const alarm of await etcd.alarms(client, slow)) await etcd.disarm(client, alarm, slow)
}
