import { authUsers, type Drill, etcd, type Member, messageOf } from '../../harness/index.ts'
import { logIn } from '../shared/log-in.ts'
import { addToMemberList, untilHealthy } from '../shared/membership.ts'
import { longTimeout } from '../shared/rejection.ts'
import type { KnownBug } from './known-bug.ts'

const newcomer = 'm9'
const pauseMs = 500

/**
 * https://github.com/etcd-io/etcd/issues/20757: a follower forwards the promotion of a learner to the
 * leader without the user that asked for it, and the leader denies it.
 *
 * Here: authentication is on, and root, with a token, promotes a learner that has caught up through a
 * follower. With a certificate in place of a token etcd still denies it (seen on 3.5.33).
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
    adjustSpec: (spec) => ({ ...spec, auth: { by: 'password', token: 'simple' } }),
    act: async (drill) => {
      const [through] = (await drill.cluster.followers()) as [Member]
      const added = await addToMemberList(drill, { through, name: newcomer, learner: true })
      const { id, initialCluster } = added
      const learner = await drill.cluster.startMember({ name: newcomer, initialCluster })
      const asRoot = await logIn(drill, through, authUsers.root)
      const failure = await promoteThrough(drill, asRoot, id)
      asRoot.close()
      drill.expect(
        'follower-promotes-learner',
        'root promotes a learner that has caught up through a follower',
        failure === undefined,
        failure ?? 'an acknowledgement',
      )
      if (failure !== undefined) {
        const leader = await drill.cluster.leader()
        await etcd.memberPromote(drill.client(leader), id, longTimeout)
      }
      await untilHealthy(drill, learner)
    },
  },
}

/**
 * Undefined once etcd acknowledges it, else why the last attempt failed before the deadline: the
 * follower sends a denied promotion again until the request times out.
 */
async function promoteThrough(
  drill: Drill,
  asRoot: etcd.MemberClient,
  id: string,
): Promise<string | undefined> {
  const untilNs = drill.nowNs() + drill.deadlines.servingMs * 1e6
  for (;;) {
    const failure = await etcd
      .memberPromote(asRoot, id, longTimeout)
      .then(() => undefined, messageOf)
    if (failure === undefined || drill.nowNs() > untilNs) return failure
    await drill.hold(pauseMs)
  }
}
