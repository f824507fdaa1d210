import {
  type ClusterSpec,
  type Drill,
  done,
  etcd,
  faults,
  featuresOf,
  fiveMembers,
  inVariants,
  type Member,
  messageOf,
  notYet,
  type Scenario,
  withoutTls,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import {
  addToMemberList,
  joinWithEmptyDisk,
  listMembers,
  removedMemberMayPanic,
  removeFromMemberList,
  untilHealthy,
} from '../shared/membership.ts'
import { promoteLearner, untilPromoted } from '../shared/promotion.ts'
import { formatRejection, rejectionOf } from '../shared/rejection.ts'

const deadMemberReplaced: Scenario = {
  id: 'member-replacement/dead-member-replaced',
  title: 'Clients are served while a new member replaces a dead one',
  depth: 'ci',
  minMembers: 3,
  workload: workloads.steady,
  faults: [faults.destroy],
  act: async (drill) => {
    const deadMember = await oneFollower(drill)
    const through = await drill.cluster.leader()
    const lostNs = drill.nowNs()
    await drill.inject(faults.destroy, [deadMember])
    await removeFromMemberList(drill, { through, name: deadMember.name })
    await drill.cluster.removeMember(deadMember.name)
    const { initialCluster } = await addToMemberList(drill, { through, name: newcomer })
    const member = await drill.cluster.startMember({ name: newcomer, initialCluster })
    await untilHealthy(drill, member)
    drill.measure('redundancyOutageMs', Math.round((drill.nowNs() - lostNs) / 1e6))
  },
}

export const replacement: readonly Scenario[] = [
  ...inVariants(deadMemberReplaced, [fiveMembers, withoutTls]),
  {
    id: 'member-replacement/learner-promoted',
    title: 'A learner serves no client and is promoted only when it has caught up',
    depth: 'ci',
    minMembers: 3,
    notApplicable: needsLearners,
    workload: workloads.steady,
    faults: [faults.destroy],
    act: async (drill) => {
      const deadMember = await oneFollower(drill)
      const through = await drill.cluster.leader()
      await drill.inject(faults.destroy, [deadMember])
      await removeFromMemberList(drill, { through, name: deadMember.name })
      await drill.cluster.removeMember(deadMember.name)
      const { id, initialCluster } = await addToMemberList(drill, {
        through,
        name: newcomer,
        learner: true,
      })
      const early = await promoteLearner(drill, through, id)
      drill.expect(
        'empty-learner-not-promoted',
        'a learner without data is not promoted',
        isError(early, etcdErrors.learnerNotReady),
        formatRejection(early),
      )
      const learner = await drill.cluster.startMember({ name: newcomer, initialCluster })
      await expectServesNoClient(drill, learner)
      await untilPromoted(drill, { through, id, name: newcomer })
      await untilHealthy(drill, learner)
    },
  },
  {
    id: 'member-replacement/all-replaced',
    title: 'Replacing every member one by one loses no acknowledged write',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: removedMemberMayPanic },
    act: async (drill) => {
      for (const { name } of [...drill.cluster.members]) {
        const member = drill.cluster.member(name)
        const others = drill.cluster.members.filter((each) => each !== member)
        const [through] = others as [Member]
        await removeFromMemberList(drill, { through, name })
        // A proposal in flight to a removed leader is lost without an answer.
        await drill.untilServing()
        await joinWithEmptyDisk(drill, through, member)
      }
    },
  },
  {
    id: 'member-replacement/one-three-five-three',
    title: 'A cluster grows from one member to five and shrinks to three under load',
    depth: 'full',
    adjustSpec: (spec) => ({ ...spec, members: spec.members.slice(0, 1) }),
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: removedMemberMayPanic },
    act: async (drill) => {
      const [first] = drill.cluster.members as [Member]
      for (const name of ['m2', 'm3', 'm4', 'm5']) {
        const { initialCluster } = await addToMemberList(drill, { through: first, name })
        await untilHealthy(drill, await drill.cluster.startMember({ name, initialCluster }))
      }
      for (const name of ['m4', 'm5']) {
        await removeFromMemberList(drill, { through: first, name })
        await drill.cluster.removeMember(name)
      }
      const rows = await listMembers(drill, first)
      drill.expect(
        'cluster-shrinks-to-three',
        'three members remain',
        rows.length === 3,
        `${rows.length}`,
      )
    },
  },
]

const newcomer = 'm9'

function needsLearners({ version }: ClusterSpec): string | undefined {
  return featuresOf(version).has('learners') ? undefined : `etcd ${version} has no learners`
}

/** Waits until the learner answers: it must reject what needs a quorum. */
async function expectServesNoClient(drill: Drill, learner: Member): Promise<void> {
  const rejection = await drill.becomes(
    'learner-answers-clients',
    `the learner ${learner.name} to answer a client`,
    async () => {
      const request = etcd.range(drill.client(learner), { key: 'k0' })
      const thrown = await request.then(
        () => undefined,
        (error: unknown) => error,
      )
      const isAnswer = thrown === undefined || isError(thrown, etcdErrors.notForLearners)
      return isAnswer ? done(thrown) : notYet(messageOf(thrown))
    },
  )
  drill.expect(
    'learner-serves-no-linearizable-read',
    'a learner serves no linearizable read',
    rejection !== undefined,
    'an answer',
  )
  const { learner: isLearner } = await etcd.status(drill.client(learner))
  drill.expect(
    'learner-reports-itself',
    'the status of a learner says that it is one',
    isLearner,
    'a status of a voter',
  )
  const put = etcd.put(drill.client(learner), { key: 'learner/written', value: 'v' })
  const rejected = await rejectionOf(put)
  drill.expect(
    'learner-takes-no-write',
    'a learner takes no write',
    rejected !== undefined,
    formatRejection(rejected),
  )
}
