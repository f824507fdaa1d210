import { type Drill, done, etcd, type Member, notYet } from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd-errors.ts'
import { addToMemberList, untilHealthy } from '../shared/membership.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'
import type { KnownBug } from './known-bug.ts'

const newcomer = 'm9'

/**
 * https://github.com/etcd-io/etcd/issues/20757: a follower forwards the promotion of a learner to the
 * leader without the user that asked for it, and the leader denies it.
 *
 * Here: authentication is on, and root promotes a learner that has caught up through a follower.
 */
export const issue20757: KnownBug = {
  name: 'issue-20757',
  issue: 'etcd-io/etcd#20757',
  summary: 'with authentication on, a follower promotes no learner',
  fixedIn: ['3.5.28', '3.6.6'],
  shownOn: ['3.5.16'],
  cleanOn: ['3.5.30'],
  isLeftOutOfCi: true,
  symptom: { expectations: ['follower-promotes-learner'] },
  scenario: {
    title: 'A follower promotes a learner while authentication is on',
    minMembers: 3,
    adjustSpec: (spec) => ({ ...spec, auth: spec.auth ?? { by: 'password', token: 'simple' } }),
    act: async (drill) => {
      const [through] = (await drill.cluster.followers()) as [Member]
      const added = await addToMemberList(drill, { through, name: newcomer, learner: true })
      const { id, initialCluster } = added
      const learner = await drill.cluster.startMember({ name: newcomer, initialCluster })
      const rejection = await promoteOnceReady(drill, through, id)
      drill.expect(
        'follower-promotes-learner',
        'root promotes a learner that has caught up through a follower',
        rejection === undefined,
        formatRejection(rejection),
      )
      if (rejection !== undefined) {
        const leader = await drill.cluster.leader()
        await etcd.memberPromote(drill.client(leader), id, longTimeout)
      }
      await untilHealthy(drill, learner)
    },
  },
}

/** The answer of the first attempt that etcd does not reject because the learner is behind. */
function promoteOnceReady(drill: Drill, through: Member, id: string) {
  const promote = () => rejectionOf(etcd.memberPromote(drill.client(through), id, longTimeout))
  return drill.becomes('learner-catches-up', 'the learner to catch up', async () => {
    const rejection = await promote()
    return isError(rejection, etcdErrors.learnerNotReady) ? notYet('behind') : done(rejection)
  })
}
