import { faults, fiveMembers, versionsSince } from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { addWhileOneDown, needsStrictCheck } from '../shared/one-member-down.ts'
import { formatRejection } from '../shared/rejection.ts'
import type { KnownBug } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/21640: with one member down etcd accepts no other,
 * although the larger cluster would have its quorum. It answers "unhealthy cluster" to an operator
 * who adds a member before removing the dead one.
 *
 * Here: one of five is killed and a sixth added: four of six run, which is a quorum.
 */
export const issue21640: KnownBug = {
  name: 'issue-21640',
  issue: 'etcd-io/etcd#21640',
  summary: 'etcd rejects a new member while one of five is down',
  fixedIn: versionsSince('add-while-one-down'),
  shownOn: ['3.5.16', '3.4.23', '3.3.25'],
  cleanOn: ['3.5.30'],
  isLeftOutOfCi: true,
  symptom: { expectations: ['addition-not-unhealthy'] },
  scenario: {
    title: 'etcd accepts a new member while one of five is down',
    adjustSpec: fiveMembers.adjustSpec,
    notApplicable: needsStrictCheck,
    faults: [faults.kill],
    act: async (drill) => {
      const rejection = await addWhileOneDown(drill, 'm9')
      const isUnhealthy = isError(rejection, etcdErrors.unhealthyCluster)
      drill.expect(
        'addition-not-unhealthy',
        'an addition that leaves a quorum is not rejected as unhealthy',
        !isUnhealthy,
        formatRejection(rejection),
      )
      drill.expect(
        'addition-keeps-quorum-accepted',
        'a member is added where it leaves a quorum',
        isUnhealthy || rejection === undefined,
        formatRejection(rejection),
      )
    },
  },
}
