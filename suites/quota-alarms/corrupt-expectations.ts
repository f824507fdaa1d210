import { type Drill, done, etcd, featuresOf, type Member, notYet } from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'
import { statusOf, untilAlarm } from './nospace-expectations.ts'

/** Every member rejects requests that change the store or discard its past. */
export async function expectOnlyReads(drill: Drill): Promise<void> {
  const { has, health } = featuresOf(drill.cluster.spec.version)
  for (const member of drill.cluster.members) {
    await untilAlarm(drill, 'CORRUPT', member)
    const client = drill.client(member)
    const key = 'beside/rejected'
    const changing = {
      put: () => etcd.put(client, { key, value: 'v' }, longTimeout),
      delete: () => etcd.deleteKeys(client, { key }, longTimeout),
      'grant of a lease': () => etcd.leaseGrant(client, { ttlS: 60 }, longTimeout),
      compaction: async () =>
        etcd.compact(
          client,
          (await etcd.range(client, { key: 'k0' }, longTimeout)).revision,
          longTimeout,
        ),
    }
    for (const [what, request] of Object.entries(changing)) {
      const rejection = await rejectionOf(request())
      drill.expect(
        'corrupt-rejects-writes',
        `a ${what} through ${member.name} is rejected while CORRUPT is on`,
        isError(rejection, etcdErrors.corruptCluster),
        formatRejection(rejection),
      )
    }
    const read = await rejectionOf(etcd.range(client, { key: 'k0' }, longTimeout))
    drill.expect(
      'corrupt-allows-reads',
      `a read through ${member.name} is served while CORRUPT is on`,
      read === undefined,
      formatRejection(read),
    )
    if (!has('livez-readyz')) continue
    const status = await statusOf(member, health.readiness)
    drill.expect(
      'corrupt-fails-readiness',
      `${health.readiness} of ${member.name} answers 503`,
      status === 503,
      `${status}`,
    )
  }
}

/**
 * The initial check asks the peers that the member knows at its start. Before 3.6 it knows them from
 * its last raft snapshot; without one it asks no peer and passes.
 */
export async function untilSnapshot(drill: Drill, member: Member): Promise<void> {
  await drill.becomes(
    'raft-snapshot-is-taken',
    `${member.name} to take a raft snapshot`,
    async () => (/saved snapshot/.test(await member.logs()) ? done(undefined) : notYet('none')),
  )
}
