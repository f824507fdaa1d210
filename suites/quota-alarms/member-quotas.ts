import {
  type ClusterSpec,
  type Drill,
  etcd,
  type Fault,
  type Member,
  type Scenario,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd-errors.ts'
import { expectRefusalsUnknown, withinOneRecovery } from './nospace-alarm.ts'
import { expectWritesRefused, untilAlarm } from './nospace-expectations.ts'
import {
  fillerPrefix,
  filling,
  fillUntilRefused,
  quotaBytes,
  quotaFilled,
  withQuota,
} from './quota.ts'
import { recover } from './recovery.ts'

const smallest = (spec: ClusterSpec) => spec.members.at(-1)?.name ?? ''

export const members: readonly Scenario[] = [
  {
    ...filling,
    id: 'quota-alarms/smaller-quota-member',
    title: 'One member with a smaller quota makes the whole cluster read-only',
    depth: 'full',
    adjustSpec: withQuota(16 * quotaBytes),
    settings: (spec) => ({
      [smallest(spec)]: { options: { 'quota-backend-bytes': String(quotaBytes) } },
    }),
    faults: [],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const { cluster } = drill
      const [through] = cluster.members as [Member]
      const small = cluster.member(smallest(cluster.spec))
      // Only the small one refuses, once it has applied what the others took in meanwhile.
      const filled = await drill.inject(quotaFilled(drill, through, 8 * quotaBytes), [small])
      const named = await untilAlarm(drill, 'NOSPACE', through)
      const { memberId } = await small.status()
      drill.expect(
        'alarm-names-smaller-quota',
        `the alarm names ${small.name}, whose quota is smaller, and no other member`,
        named.length === 1 && named[0] === memberId,
        named.join(', '),
      )
      await expectWritesRefused(drill)
      await filled.undo()
    },
  },
  {
    ...filling,
    id: 'quota-alarms/refused-but-applied',
    title: 'A put rejected for lack of space has an unknown outcome',
    depth: 'ci',
    adjustSpec: withQuota(),
    faults: [],
    objectives: withinOneRecovery,
    act: refuseWhileApplying,
  },
]

const together = 64
const togetherBytes = 512 * 1024
const rounds = 5

/**
 * etcd asks the quota twice: before a put is proposed, and again when it has been applied. Many
 * large ones at once pass the first question together, and fill the quota before the second. It
 * promises none of this: when it does not show, nothing is said of etcd.
 */
async function refuseWhileApplying(drill: Drill): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const leader = await drill.cluster.leader()
    const refused: string[] = []
    const filled = await drill.inject(putsTogether(drill, leader, refused), drill.cluster.members)
    const applied = await countPresent(drill.client(leader), refused)
    await filled.undo()
    drill.measure('refusedLargePuts', refused.length)
    drill.measure('refusedButApplied', applied)
    if (applied > 0) return expectRefusalsUnknown(drill)
  }
  drill.mark('note', `in ${rounds} rounds no put was both refused and applied`)
}

/** More than the quota holds, all at once; notes the keys of those that were refused for space. */
function putsTogether(drill: Drill, leader: Member, refused: string[]): Fault {
  const client = drill.client(leader)
  const value = 'y'.repeat(togetherBytes)
  const put = async (key: string) => {
    const thrown = await etcd.put(client, { key, value }, { timeoutMs: 20_000 }).catch((e) => e)
    if (isError(thrown, etcdErrors.spaceExceeded)) refused.push(key)
  }
  return {
    name: 'large-puts',
    description: 'puts more at once than the quota holds',
    needs: {},
    inject: async () => {
      const keys = Array.from({ length: together }, (_, at) => `${fillerPrefix}together-${at}`)
      await Promise.all(keys.map(put))
      await fillUntilRefused(drill, leader)
      return () => recover(drill)
    },
  }
}

async function countPresent(client: etcd.MemberClient, keys: readonly string[]): Promise<number> {
  const counts = keys.map(async (key) => (await etcd.range(client, { key, countOnly: true })).count)
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
