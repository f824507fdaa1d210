import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { clientsOfAll } from './statuses.ts'

export async function alarms(context: TopicContext): Promise<void> {
  const { check, client, drill, prefix, has } = context
  const listed = () => Promise.all(clientsOfAll(context).map((each) => etcd.alarms(each)))
  const none = clientsOfAll(context).map(() => [])
  await check.equal('no-alarm-at-first', 'no member lists an alarm at first', none, listed)
  const { memberId } = await etcd.status(client(1))
  const alarm = { memberId, type: 'NOSPACE' } as const
  const raised = drill.window('alarm-raised', 'changes', drill.cluster.members)
  await etcd.raiseAlarm(client(0), alarm)
  try {
    await settle(context)
    await check.equal(
      'alarm-listed-everywhere',
      'every member lists a raised alarm with its member',
      none.map(() => [alarm]),
      listed,
    )
    if (has('status-details')) {
      await check.equal(
        'status-reports-alarm',
        'the status of every member reports a raised alarm',
        none.map(() => true),
        async () => {
          const all = await Promise.all(clientsOfAll(context).map((each) => etcd.status(each)))
          return all.map(({ errors }) => errors.some((error) => error.includes(alarm.type)))
        },
      )
    }
    await check.rejected(
      'alarm-rejects-puts',
      'puts are rejected while the alarm is on',
      'database space exceeded',
      () => etcd.put(client(2), { key: `${prefix}rejected`, value: 'v' }),
    )
  } finally {
    await etcd.disarm(client(2), alarm)
  }
  await settle(context)
  await raised.undo()
  await check.equal('disarmed-alarm-not-listed', 'no member lists a disarmed alarm', none, listed)
  await check.holds(
    'disarmed-cluster-takes-puts',
    'puts are accepted after the alarm is disarmed',
    async () => {
      const { revision } = await etcd.put(client(1), { key: `${prefix}taken`, value: 'v' })
      return { held: revision > 0, found: revision }
    },
  )
}

/** After a linearizable read a member has applied everything committed before. */
async function settle(context: TopicContext): Promise<void> {
  for (const client of clientsOfAll(context)) await etcd.range(client, { key: 'k0' })
}
