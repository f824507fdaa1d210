import {
  type ClusterSpec,
  type Drill,
  etcd,
  type Fault,
  type Member,
  type Scenario,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { fittingBytes } from '../shared/etcd/limits.ts'
import { fillerPrefix } from './filler.ts'
import {
  expectRejectionsUnknown,
  expectWritesRejected,
  untilAlarm,
} from './nospace-expectations.ts'
import { withinOneRecovery } from './objectives.ts'
import {
  alarmRaised,
  fillUntilRejected,
  quotaBytes,
  quotaFilled,
  quotaFilling,
  quotaScenario,
  withQuota,
} from './quota.ts'
import { recover } from './recovery.ts'

const lastMemberName = (spec: ClusterSpec) => spec.members.at(-1)?.name ?? ''

const largePuts: Pick<Fault, 'name' | 'effect' | 'needs'> = {
  name: 'large-puts',
  effect: 'degrades',
  needs: {},
}

export const memberQuotas: readonly Scenario[] = [
  {
    ...quotaScenario,
    id: 'quota-alarms/smaller-quota-member',
    title: 'One member with a smaller quota makes the whole cluster read-only',
    depth: 'full',
    adjustSpec: withQuota(16 * quotaBytes),
    settings: (spec) => ({
      [lastMemberName(spec)]: { options: { 'quota-backend-bytes': String(quotaBytes) } },
    }),
    faults: [quotaFilling],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const { cluster } = drill
      const [through] = cluster.members as [Member]
      const small = cluster.member(lastMemberName(cluster.spec))
      // Only the small member rejects, once it has applied what the others accepted meanwhile.
      const filled = await drill.inject(quotaFilled(drill, through, 8 * quotaBytes), [small])
      const named = await untilAlarm(drill, 'NOSPACE', through)
      const { memberId } = await small.status()
      drill.expect(
        'alarm-names-smaller-quota',
        `the alarm names ${small.name}, whose quota is smaller, and no other member`,
        named.length === 1 && named[0] === memberId,
        named.join(', '),
      )
      await expectWritesRejected(drill)
      await filled.undo()
    },
  },
  {
    ...quotaScenario,
    id: 'quota-alarms/refused-but-applied',
    title: 'A put rejected for lack of space has an unknown outcome',
    depth: 'ci',
    adjustSpec: withQuota(),
    faults: [largePuts],
    objectives: withinOneRecovery,
    act: rejectWhileApplying,
  },
]

const putCount = 64
const largestPutBytes = 512 * 1024
const rounds = 5

/**
 * etcd checks the quota before it proposes a put and again when it applies it. Many large puts at
 * once pass the first check together and fill the quota before the second. etcd does not promise
 * this, so the scenario also holds when no put shows it.
 */
async function rejectWhileApplying(drill: Drill): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const leader = await drill.cluster.leader()
    const rejected: string[] = []
    const filled = await drill.inject(
      concurrentPuts(drill, leader, rejected),
      drill.cluster.members,
    )
    const applied = await countPresent(drill.client(leader), rejected)
    await filled.undo()
    drill.measure('refusedLargePuts', rejected.length)
    drill.measure('refusedButApplied', applied)
    if (applied > 0) return expectRejectionsUnknown(drill)
  }
  drill.mark('note', `in ${rounds} rounds no put was both rejected and applied`)
}

/** Puts more at once than the quota holds, and notes the keys of puts rejected for lack of space. */
function concurrentPuts(drill: Drill, leader: Member, rejected: string[]): Fault {
  const client = drill.client(leader)
  const value = 'y'.repeat(fittingBytes(drill.cluster.spec, largestPutBytes))
  const put = async (key: string) => {
    const thrown = await etcd.put(client, { key, value }, { timeoutMs: 20_000 }).catch((e) => e)
    if (isError(thrown, etcdErrors.spaceExceeded)) rejected.push(key)
  }
  return {
    ...largePuts,
    description: 'puts more at once than the quota holds',
    ...alarmRaised(drill, leader),
    inject: async () => {
      const keys = Array.from({ length: putCount }, (_, at) => `${fillerPrefix}together-${at}`)
      await Promise.all(keys.map(put))
      await fillUntilRejected(drill, leader)
      return () => recover(drill)
    },
  }
}

async function countPresent(client: etcd.MemberClient, keys: readonly string[]): Promise<number> {
  const counts = keys.map(async (key) => (await etcd.range(client, { key, countOnly: true })).count)
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
