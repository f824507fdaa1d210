import {
  type ClusterSpec,
  type Drill,
  etcd,
  type Member,
  messageOf,
  type Scenario,
} from '../../harness/index.ts'
import { expectWritesRefused, untilAlarm } from './expect-alarm.ts'
import { fillerPrefix, filling, quotaBytes, quotaFilled, withQuota } from './fill.ts'
import { expectRefusalsUnknown, withinOneRecovery } from './nospace.ts'

const smallest = (spec: ClusterSpec) => spec.members.at(-1)?.name ?? ''

export const members: readonly Scenario[] = [
  {
    ...filling,
    id: 'quota-alarms/smaller-quota-member',
    title: 'One member with a smaller quota than the others makes the whole cluster read-only',
    depth: 'ci',
    shape: withQuota(16 * quotaBytes),
    settings: (spec) => ({
      [smallest(spec)]: { options: { 'quota-backend-bytes': String(quotaBytes) } },
    }),
    faults: [],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const { cluster } = drill
      const [through] = cluster.members as [Member]
      const small = cluster.member(smallest(cluster.spec))
      const filled = await drill.inject(quotaFilled(drill, through), [small])
      const named = await untilAlarm(drill, 'NOSPACE', through)
      const { memberId } = await small.status()
      drill.expect(
        `the alarm names ${small.name}, whose quota is smaller, and nobody else`,
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
    title: 'A put that is refused for space may have been applied: its outcome is unknown',
    depth: 'ci',
    shape: withQuota(),
    faults: [],
    objectives: withinOneRecovery,
    act: refuseWhileApplying,
  },
]

const together = 48
const togetherBytes = 512 * 1024

/**
 * etcd asks the quota twice: before a put is proposed, and again when it has been applied. Many
 * large ones at once pass the first question together, and fill the quota before the second.
 */
async function refuseWhileApplying(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const client = drill.client(leader)
  const puts = { name: 'large-puts', description: 'puts more at once than the quota holds' }
  const filled = await drill.inject(
    {
      ...puts,
      needs: {},
      inject: async () => {
        const outcomes = await putTogether(client)
        await untilAlarm(drill, 'NOSPACE', leader)
        const refused = outcomes.filter(({ error }) => error?.includes('space exceeded'))
        const found = await Promise.all(refused.map(({ key }) => isThere(client, key)))
        const applied = found.filter((there) => there).length
        drill.measure('refusedLargePuts', refused.length)
        drill.measure('refusedButApplied', applied)
        drill.expect(
          'of puts that were refused for space some are there all the same',
          applied > 0,
          `${applied} of ${refused.length}`,
        )
        return quotaFilled(drill, leader).inject(drill.cluster, [])
      },
    },
    drill.cluster.members,
  )
  await filled.undo()
  expectRefusalsUnknown(drill)
}

async function putTogether(client: etcd.MemberClient) {
  const value = 'y'.repeat(togetherBytes)
  const keys = Array.from({ length: together }, (_, index) => `${fillerPrefix}together-${index}`)
  return Promise.all(
    keys.map(async (key) => {
      const put = etcd.put(client, { key, value }, { timeoutMs: 20_000 })
      return put.then(
        () => ({ key, error: undefined }),
        (thrown) => ({ key, error: messageOf(thrown) }),
      )
    }),
  )
}

async function isThere(client: etcd.MemberClient, key: string): Promise<boolean> {
  const { count } = await etcd.range(client, { key, countOnly: true })
  return count === 1
}
