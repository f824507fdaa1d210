import {
  type Drill,
  done,
  etcd,
  GuaranteeBrokenError,
  type Member,
  notYet,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { rejectionOf } from '../shared/rejection.ts'
import { fillerPrefix } from './filler.ts'
import { defragmentMember, expectCompacted, expectRecovered } from './maintenance-effects.ts'

const slowTimeout = { timeoutMs: 30_000 }

/**
 * Recovers a cluster from NOSPACE in the order that works: delete, compact, defragment every member,
 * disarm. Measures the time from the first step to the first served write.
 */
export async function recover(drill: Drill): Promise<void> {
  const startedNs = drill.nowNs()
  await deleteFiller(drill)
  await compactAll(drill)
  await defragmentEach(drill, drill.cluster.members)
  await disarmAll(drill)
  await drill.untilServing()
  drill.measure('recoveryMs', (drill.nowNs() - startedNs) / 1e6)
  await expectRecovered(drill)
  drill.mark('note', 'deleted, compacted, defragmented and disarmed: writes are served')
}

export async function deleteFiller(drill: Drill): Promise<void> {
  const member = await drill.cluster.leader()
  await etcd.deleteKeys(
    drill.client(member),
    { key: fillerPrefix, end: etcd.prefixEnd(fillerPrefix) },
    slowTimeout,
  )
}

/** Compacts physically: returns when the revisions are gone from every database. */
export async function compactAll(drill: Drill): Promise<number> {
  const member = await drill.cluster.leader()
  const client = drill.client(member)
  const { revision } = await etcd.range(client, { key: 'k0' }, slowTimeout)
  const rejection = await rejectionOf(
    etcd.compact(client, revision, { ...slowTimeout, physical: true }),
  )
  if (rejection !== undefined && !isError(rejection, etcdErrors.compacted))
    throw new GuaranteeBrokenError(`expected a compaction, observed ${rejection.message}`, {
      expectation: 'nospace-allows-compaction',
    })
  for (const each of drill.cluster.members) await untilCompacted(drill, each, revision)
  await expectCompacted(drill, revision)
  return revision
}

/** The other members compact in the background and report the end in their logs alone. */
async function untilCompacted(drill: Drill, member: Member, revision: number): Promise<void> {
  const line = new RegExp(`finished scheduled compaction.*\\b${revision}\\b`)
  await drill.becomes(
    'compaction-reaches-every-member',
    `${member.name} to log that it has compacted revision ${revision}`,
    async () => (line.test(await member.logs()) ? done(undefined) : notYet('no such line')),
  )
}

/** Defragments one member after the other: a member answers nothing meanwhile. */
export async function defragmentEach(drill: Drill, members: readonly Member[]): Promise<void> {
  for (const member of members) await defragmentMember(drill, member, slowTimeout)
}

/** Disarms every alarm of every member. */
export async function disarmAll(drill: Drill): Promise<void> {
  const member = await drill.cluster.leader()
  const client = drill.client(member)
  for (const alarm of await etcd.alarms(client, slowTimeout))
    await etcd.disarm(client, alarm, slowTimeout)
}
