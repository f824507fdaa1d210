import { forcedLearner, keptLearners } from '../shared/forced-learner.ts'
import { type KnownBug, singleMember } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/20893: `--force-new-cluster` keeps the learners of the
 * member's own raft snapshot from before the disaster. The cluster of one then has a second member
 * that never starts, and versions with one learner at most accept no other.
 *
 * Here, as in snapshot-restore but with one voter: a learner joins, the voter takes a snapshot, the
 * learner is lost, and the voter is forced into a new cluster, which must have one member.
 */
export const issue20893: KnownBug = {
  name: 'issue-20893',
  issue: keptLearners.issue,
  summary: keptLearners.summary,
  fixedIn: keptLearners.versions.fixedIn,
  shownOn: ['3.5.16', '3.4.23'],
  cleanOn: ['3.5.30'],
  isLeftOutOfCi: true,
  symptom: keptLearners.symptom,
  scenario: {
    ...forcedLearner,
    adjustSpec: (spec) => forcedLearner.adjustSpec(singleMember(spec)),
  },
}
