import {
  type Drill,
  done,
  etcd,
  faults,
  type Member,
  notYet,
  type Scenario,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { formatRejection, rejectionOf } from '../shared/rejection.ts'
import { stopClients } from '../shared/stop-clients.ts'
import { abandonedCluster } from './disaster.ts'
import { besidesPrefix, expectAsOf, expectOneState, expectServes } from './expectations.ts'
import { namesOf, restoreCluster, restoreInPlace } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

export const leasesAndAlarms: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/leases-restored',
    title: 'Restored leases keep their keys, start over with their whole time and expire',
    depth: 'full',
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      await stopClients(drill)
      const long = await grantWithKey(drill, leader, 'long', longTtlS)
      const short = await grantWithKey(drill, leader, 'short', shortTtlS)
      const revoked = await grantWithKey(drill, leader, 'revoked', longTtlS)
      const { content, revision } = await takeSnapshot(drill, leader)
      await etcd.leaseRevoke(drill.client(leader), revoked)
      await drill.inject(faults.destroy, drill.cluster.members)
      await restoreInPlace(drill, content)
      await expectAsOf(drill, revision)
      await expectLease(drill, long, 'long')
      await expectLease(drill, revoked, 'revoked')
      await expectExpiry(drill, short, 'short')
      await expectOneState(drill)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/alarms-restored',
    title: 'A restored cluster rejects writes until its restored alarm is disarmed',
    depth: 'full',
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      await stopClients(drill)
      await raiseNospace(drill, leader)
      const { content, revision } = await takeSnapshot(drill, leader)
      await drill.inject(faults.destroy, drill.cluster.members)
      const names = namesOf(drill.cluster.members)
      await restoreCluster(drill, { content, names, awaitHealthy: false })
      const [member] = drill.cluster.members as [Member]
      const client = drill.client(member)
      const raised = await untilAlarmListed(drill, client)
      await expectAsOf(drill, revision)
      drill.expect(
        'restored-alarm-fails-health',
        'health reports the restored alarm',
        !(await member.isHealthy()),
        'healthy',
      )
      const rejection = await rejectionOf(etcd.put(client, { key: besidesPrefix, value: 'v' }))
      drill.expect(
        'restored-alarm-rejects-writes',
        'the restored cluster rejects writes while the alarm is on',
        isError(rejection, etcdErrors.spaceExceeded),
        formatRejection(rejection),
      )
      for (const alarm of raised) await etcd.disarm(client, alarm)
      await drill.cluster.untilHealthy()
      await expectServes(drill)
    },
  },
]

const longTtlS = 600
const shortTtlS = 5

/** A new leader gives every lease its whole time again. */
async function expectLease(drill: Drill, id: string, name: string): Promise<void> {
  const [member] = drill.cluster.members as [Member]
  const lease = await etcd.leaseTimeToLive(drill.client(member), id)
  drill.expect(
    'restored-lease-has-key-and-time',
    `the restored lease \`${name}\` has its key and most of its time`,
    lease.grantedTtlS === longTtlS &&
      lease.ttlS > longTtlS / 2 &&
      lease.keys.join() === `${besidesPrefix}${name}`,
    JSON.stringify(lease),
  )
}

/** No client renews the lease, so it expires with its key. */
async function expectExpiry(drill: Drill, id: string, name: string): Promise<void> {
  const [member] = drill.cluster.members as [Member]
  const client = drill.client(member)
  const key = `${besidesPrefix}${name}`
  await drill.becomes(
    'restored-lease-expires',
    `the restored lease ${name}, which no client renews, to expire with its key`,
    async () => {
      const { count } = await etcd.range(client, { key })
      const { ttlS } = await etcd.leaseTimeToLive(client, id)
      return count === 0 && ttlS === -1 ? done(undefined) : notYet(`${count} keys, ${ttlS} s left`)
    },
    { deadlineMs: drill.deadlines.leaseMs(shortTtlS) },
  )
}

async function grantWithKey(
  drill: Drill,
  member: Member,
  name: string,
  ttlS: number,
): Promise<string> {
  const client = drill.client(member)
  const { id } = await etcd.leaseGrant(client, { ttlS })
  await etcd.put(client, { key: `${besidesPrefix}${name}`, value: name, lease: id })
  return id
}

/** Waits for the alarm that is in the snapshot; no member raises it again. */
function untilAlarmListed(drill: Drill, client: etcd.MemberClient): Promise<readonly etcd.Alarm[]> {
  return drill.becomes(
    'restored-alarm-is-listed',
    'the restored cluster to list the alarm',
    async () => {
      await etcd.range(client, { key: 'k0' })
      const raised = await etcd.alarms(client)
      return raised.length > 0 ? done(raised) : notYet('no alarm')
    },
    { deadlineMs: drill.deadlines.healthyMs },
  )
}

/** Raises the alarm that a member raises when its database reaches the quota. */
async function raiseNospace(drill: Drill, member: Member): Promise<void> {
  const client = drill.client(member)
  const { memberId } = await etcd.status(client)
  drill.window('alarm-raised', 'changes', drill.cluster.members)
  await etcd.raiseAlarm(client, { memberId, type: 'NOSPACE' })
}
