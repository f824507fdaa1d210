import {
  type Drill,
  done,
  etcd,
  featuresOf,
  type InjectedFault,
  type Member,
  notYet,
  operations,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'
import { quotaFilled } from './quota.ts'

/** Polls until this member lists such an alarm; resolves to the hexadecimal ids that it names. */
export function untilAlarm(drill: Drill, type: etcd.AlarmType, through: Member): Promise<string[]> {
  return drill.becomes('alarm-is-raised', `${through.name} to list the alarm ${type}`, async () => {
    const all = await etcd.alarms(drill.client(through))
    const ids = all.filter((alarm) => alarm.type === type).map((alarm) => alarm.memberId)
    return ids.length === 0 ? notYet('no such alarm') : done(ids.map(etcd.hexId))
  })
}

/** Fills the quota until the alarm is on; its undo is the right recovery. */
export async function fillQuota(drill: Drill): Promise<InjectedFault> {
  const leader = await drill.cluster.leader()
  const filled = await drill.inject(quotaFilled(drill, leader), drill.cluster.members)
  await untilAlarm(drill, 'NOSPACE', leader)
  return filled
}

/** `/health` of every member reports NOSPACE; readiness does not, because the member works. */
export async function expectUnhealthyWhileNospace(drill: Drill): Promise<void> {
  const { health, has } = featuresOf(drill.cluster.spec.version)
  for (const member of drill.cluster.members) {
    const status = await statusOf(member, health.any)
    drill.expect(
      'nospace-fails-health',
      `/health of ${member.name} answers 503 while NOSPACE is on`,
      status === 503,
      `${status}`,
    )
    if (!has('livez-readyz')) continue
    const ready = await statusOf(member, health.readiness)
    drill.expect(
      'nospace-keeps-readiness',
      `${health.readiness} of ${member.name} answers 200 while NOSPACE is on`,
      ready === 200,
      `${ready}`,
    )
  }
}

export async function statusOf(member: Member, path: string): Promise<number> {
  const response = await fetch(`${member.metricsEndpoint}${path}`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(5_000),
  })
  await response.arrayBuffer()
  return response.status
}

/** Every member rejects requests that add to the store. */
export async function expectWritesRejected(drill: Drill): Promise<void> {
  for (const member of drill.cluster.members) {
    await untilAlarm(drill, 'NOSPACE', member)
    const client = drill.client(member)
    const key = 'quota/rejected'
    const adding = {
      put: () => etcd.put(client, { key, value: 'v' }, longTimeout),
      'transaction with a put': () =>
        etcd.txn(client, { compare: [], success: [{ put: { key, value: 'v' } }] }, longTimeout),
      'grant of a lease': () => etcd.leaseGrant(client, { ttlS: 60 }, longTimeout),
    }
    for (const [what, request] of Object.entries(adding)) {
      const rejection = await rejectionOf(request())
      drill.expect(
        'nospace-rejects-writes',
        `a ${what} through ${member.name} is rejected for lack of space`,
        isError(rejection, etcdErrors.spaceExceeded),
        formatRejection(rejection),
      )
    }
  }
}

/** Every member accepts requests that read or free space. */
export async function expectOtherRequestsAllowed(drill: Drill): Promise<void> {
  const { has } = featuresOf(drill.cluster.spec.version)
  for (const member of drill.cluster.members) {
    const client = drill.client(member)
    const passing = {
      'linearizable read': () => etcd.range(client, { key: 'k0' }, longTimeout),
      'serializable read': () => etcd.range(client, { key: 'k0', serializable: true }, longTimeout),
      delete: () => etcd.deleteKeys(client, { key: `quota/deleted-${member.name}` }, longTimeout),
      ...(has('nospace-passes-reading-txn') && {
        'transaction that only reads': () =>
          etcd.txn(client, { compare: [], success: [{ range: { key: 'k0' } }] }, longTimeout),
      }),
    }
    for (const [what, request] of Object.entries(passing)) {
      const rejection = await rejectionOf(request())
      drill.expect(
        'nospace-allows-other-requests',
        `a ${what} through ${member.name} is accepted while NOSPACE is on`,
        rejection === undefined,
        formatRejection(rejection),
      )
    }
  }
}

/** Compacts once: etcd rejects a second compaction at the same revision for another reason. */
export async function expectCompactionAllowed(drill: Drill): Promise<void> {
  const [member] = drill.cluster.members as [Member]
  const client = drill.client(member)
  const { revision } = await etcd.range(client, { key: 'k0' }, longTimeout)
  const rejection = await rejectionOf(etcd.compact(client, revision, longTimeout))
  drill.expect(
    'nospace-allows-compaction',
    'a compaction is accepted while NOSPACE is on',
    rejection === undefined,
    formatRejection(rejection),
  )
}

/** Every member still rejects writes for lack of space after this mistake. */
export async function expectWritesRejectedAfter(drill: Drill, mistake: string): Promise<void> {
  for (const member of drill.cluster.members) {
    await untilAlarm(drill, 'NOSPACE', member)
    const put = etcd.put(drill.client(member), { key: 'quota/now', value: 'v' }, longTimeout)
    const rejection = await rejectionOf(put)
    drill.expect(
      'incomplete-recovery-keeps-rejecting',
      `${member.name} rejects writes after ${mistake}`,
      isError(rejection, etcdErrors.spaceExceeded),
      formatRejection(rejection),
    )
  }
}

/** A put rejected for lack of space may have been applied, so histories record it as unknown. */
export function expectRejectionsUnknown(drill: Drill): void {
  const rejected = operations(drill.history()).filter(({ completion }) =>
    completion?.error?.includes('space exceeded'),
  )
  drill.measure('refusedPuts', rejected.length)
  const sure = rejected.filter(({ outcome }) => outcome !== 'info')
  drill.expect(
    'rejected-puts-recorded-unknown',
    'puts rejected for lack of space are recorded as unknown',
    rejected.length > 0 && sure.length === 0,
    `${sure.length} of ${rejected.length} recorded as certain`,
  )
}
