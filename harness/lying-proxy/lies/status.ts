import { altersAnswer, startsAltering } from '../interceptors.ts'
import type { Lie } from '../lie.ts'
import { plus, type WireAnswer } from '../messages.ts'
import { status } from '../methods.ts'

const kind = 'maintenance'
const scenario = 'conformance/maintenance'
/** They agree on a leader, which moves among them. */
const members = 3

interface WireStatus extends WireAnswer {
  readonly raftTerm: string
  readonly raftIndex: string
  readonly dbSize: string
  readonly errors: readonly string[]
}

/** What a member reports of itself is false. */
export const statusLies: readonly Lie[] = [
  {
    kind,
    name: 'status-wrong-leader',
    says: 'names a leader that is no member',
    every: 2,
    detection: { scenario, members, id: 'members-agree-on-leader' },
    start: altersAnswer<WireAnswer>(status, (answer) => ({ ...answer, leader: '1' })),
  },
  {
    kind,
    name: 'status-without-size',
    says: 'reports a database without a byte',
    every: 2,
    detection: { scenario, members, id: 'status-has-size-and-index' },
    start: altersAnswer<WireAnswer>(status, (answer) => ({ ...answer, dbSize: '0' })),
  },
  {
    kind,
    name: 'status-half-size',
    says: 'reports half the size of its database',
    every: 1,
    detection: { scenario, members, id: 'status-size-is-metric' },
    start: altersAnswer<WireStatus>(status, ({ dbSize, ...answer }) => ({
      ...answer,
      dbSize: String(BigInt(dbSize) / 2n),
    })),
  },
  {
    kind,
    name: 'status-more-in-use',
    says: 'reports that more of its database is in use than it has',
    every: 1,
    detection: { scenario, members, id: 'status-size-is-metric' },
    start: altersAnswer<WireStatus>(status, ({ dbSize, ...answer }) => ({
      ...answer,
      dbSize,
      dbSizeInUse: plus(dbSize, 1),
    })),
  },
  {
    kind,
    name: 'status-as-learner',
    says: 'reports that it is a learner',
    every: 2,
    detection: { scenario, members, id: 'no-learner-no-errors' },
    start: altersAnswer<WireAnswer>(status, (answer) => ({ ...answer, isLearner: true })),
  },
  {
    kind,
    name: 'status-other-version',
    says: 'reports a version that it does not run',
    every: 2,
    detection: { scenario, members, id: 'version-under-test-runs' },
    start: altersAnswer<WireAnswer>(status, (answer) => ({ ...answer, version: '3.0.0' })),
  },
  {
    kind,
    name: 'status-index-stands',
    says: 'reports the first raft index that it has reported',
    every: 1,
    detection: { scenario, members, id: 'status-index-follows-writes' },
    start: startsAltering<WireStatus>(status, () => {
      const first = new Map<string, string>()
      return ({ header, ...answer }) => {
        const { memberId } = header
        const raftIndex = first.get(memberId) ?? answer.raftIndex
        first.set(memberId, raftIndex)
        return { header, ...answer, raftIndex, raftAppliedIndex: raftIndex }
      }
    }),
  },
  {
    kind,
    name: 'status-of-past-term',
    says: 'reports a term of raft before its own',
    every: 1,
    detection: { scenario, members, id: 'status-has-term-of-answer' },
    start: altersAnswer<WireStatus>(status, ({ raftTerm, ...answer }) => ({
      ...answer,
      raftTerm: plus(raftTerm, -1),
    })),
  },
  {
    kind,
    name: 'status-of-past-revision',
    says: 'reports the first revision of the store',
    every: 3,
    detection: { scenario, members, id: 'status-has-present-revision' },
    start: altersAnswer<WireAnswer>(status, ({ header, ...answer }) => ({
      ...answer,
      header: { ...header, revision: '1' },
    })),
  },
  {
    kind,
    name: 'status-without-alarm',
    says: 'reports no alarm in its status',
    every: 1,
    detection: { scenario, members, id: 'status-reports-alarm' },
    start: altersAnswer<WireStatus>(status, (answer) =>
      answer.errors.length === 0 ? undefined : { ...answer, errors: [] },
    ),
  },
]
