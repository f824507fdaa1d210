import { etcd, type Member } from '../../harness/index.ts'
import { logIn } from '../shared/log-in.ts'
import { formatRejection, rejectionOf } from '../shared/rejection.ts'
import { type KnownBug, singleMemberNoTls, withoutClients } from './known-bug.ts'
import { enableUsers, tenant } from './users.ts'

/**
 * https://github.com/etcd-io/etcd/issues/21550: from 3.5.28 on, with authentication on, only an administrator may ask
 * for a member's status, so that an agent that watches over health needs the rights of root.
 *
 * Here: a user without the role root asks for it.
 */
export const issue21550: KnownBug = {
  name: 'issue-21550',
  issue: 'etcd-io/etcd#21550',
  summary: 'only an administrator may ask for the status of a member',
  since: ['3.5.28', '3.6.0'],
  fixedIn: ['3.5.32', '3.6.12'],
  shownOn: ['3.5.30'],
  cleanOn: ['3.5.16'],
  isLeftOutOfCi: true,
  symptom: { expectations: ['user-reads-status'] },
  scenario: {
    withoutAuth: 'the scenario turns it on itself',
    ...withoutClients,
    title: 'An ordinary user may ask for the status of a member',
    adjustSpec: singleMemberNoTls,
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      await enableUsers(drill, member)
      const asTenant = await logIn(drill, member, tenant)
      const rejection = await rejectionOf(etcd.status(asTenant))
      asTenant.close()
      drill.expect(
        'user-reads-status',
        'a user without the role root reads the status of a member',
        rejection === undefined,
        formatRejection(rejection),
      )
    },
  },
}
