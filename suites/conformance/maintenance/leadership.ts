import { done, etcd, notYet } from '../../../harness/index.ts'
import { readMetric } from '../../shared/member-metric.ts'
import type { TopicContext } from '../topic.ts'
import { termsOf } from './statuses.ts'

const leaderChanges = 'etcd_server_leader_changes_seen_total'

export async function leaderMove({ check, client, of, drill, has }: TopicContext): Promise<void> {
  const leader = of(await drill.cluster.leader())
  const [target, asked] = (await drill.cluster.followers()).map(of)
  if (target === undefined || asked === undefined) throw new RangeError('Expected two followers')
  const { memberId, term } = await etcd.status(target)
  await check.rejected(
    'follower-cannot-move-leader',
    'a follower rejects a request to move leadership',
    'not leader',
    () => etcd.moveLeader(asked, memberId),
  )
  if (has('transferee-checked')) {
    await check.rejected(
      'leadership-moves-to-members-only',
      'leadership cannot move to an unknown member',
      'bad leader transferee',
      () => etcd.moveLeader(leader, '12345'),
    )
  }
  const changesSeen = () =>
    Promise.all(drill.cluster.members.map((each) => readMetric(each, leaderChanges)))
  const seenBefore = await changesSeen()
  await etcd.moveLeader(leader, memberId, { timeoutMs: 10_000 })
  // A status has the term of the last applied entry, which follows the new leader a moment later.
  await check.becomes(
    'leadership-moves-to-target',
    'leadership moves to the named member in a later term',
    async () => {
      const now = await etcd.status(target)
      const hasMoved = now.leaderId === memberId && now.term > term
      return hasMoved ? done(now) : notYet(`leader ${now.leaderId} in term ${now.term}`)
    },
  )
  await check.becomes(
    'moved-leader-leads-everywhere',
    'every member names the new leader, and its metrics say that it leads',
    async () => {
      const all = await Promise.all(drill.cluster.members.map((each) => etcd.status(of(each))))
      const leads = await readMetric(drill.cluster.member(target.member), 'etcd_server_is_leader')
      const named = all.map(({ leaderId }) => leaderId)
      const isAgreed = leads === 1 && named.every((id) => id === memberId)
      return isAgreed ? done(named) : notYet(`leaders ${named.join(', ')}, metric ${leads}`)
    },
  )
  await check.becomes(
    'leader-change-counted',
    'the metrics of every member count the change of leader',
    async () => {
      const seen = await changesSeen()
      const isCounted = seen.every((count, index) => count > (seenBefore[index] ?? 0))
      return isCounted ? done(seen) : notYet(`${seen.join()}, before ${seenBefore.join()}`)
    },
  )
  await check.becomes(
    'answers-name-new-term',
    'every member answers in the term of the new leader',
    async () => {
      const all = await Promise.all(drill.cluster.members.map((each) => etcd.status(of(each))))
      const isNew = all.every(({ headerTerm }) => headerTerm > term)
      return isNew ? done(all) : notYet(JSON.stringify(all.map(termsOf)))
    },
  )
  await drill.untilServing()
  // 3.3 does not repeat a read that was pending when leadership moved, which takes seconds.
  await check.becomes(
    'reads-continue-after-move',
    'reads continue after leadership moves',
    async () => done(await etcd.range(client(0), { key: 'k0', countOnly: true })),
    30_000,
  )
}
