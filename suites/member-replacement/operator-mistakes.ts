import {
  type Drill,
  etcd,
  type Member,
  MemberExitedError,
  messageOf,
  peerUrl,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { forceNewCluster } from '../shared/force-new-cluster.ts'
import { lastComplaint, untilExit } from '../shared/member-exit.ts'
import {
  addToMemberList,
  findListedMember,
  listMembers,
  removedMemberMayPanic,
  removeFromMemberList,
  removeRow,
  untilHealthy,
} from '../shared/membership.ts'
import { connectedMs, mayAddMember } from '../shared/one-member-down.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'

const newcomer = 'm9'

const requestMs = 5_000

export const operatorMistakes: readonly Scenario[] = [
  {
    id: 'member-replacement/wrong-peer-url',
    title: 'A member added under a wrong peer URL disturbs no client, and an update corrects it',
    depth: 'ci',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: removedMemberMayPanic },
    act: async (drill) => {
      const through = await drill.cluster.leader()
      const client = drill.client(through)
      const { id } = await addToMemberList(drill, { through, name: 'unstarted' })
      await expectSecondAddition(drill, through)
      await drill.untilServing()
      const address = drill.cluster.reserveAddress(newcomer)
      const peerUrls = [peerUrl(drill.cluster.spec, address)]
      await etcd.memberUpdate(client, { id, peerUrls }, { timeoutMs: requestMs })
      await untilHealthy(drill, await drill.cluster.startMember({ name: newcomer }))
      const { id: found } = await findListedMember(drill, { through, name: newcomer })
      drill.expect(
        'started-member-is-the-added-one',
        'the started member has the id that was added',
        found === id,
        found,
      )
      await removeFromMemberList(drill, { through, name: newcomer })
      await drill.cluster.removeMember(newcomer)
    },
  },
  {
    id: 'member-replacement/wrong-peer-url-alone',
    title: 'A wrong peer URL added to a single member stops writes until a new cluster is forced',
    depth: 'full',
    adjustSpec: (spec) => ({ ...spec, members: spec.members.slice(0, 1) }),
    workload: workloads.steady,
    faults: [],
    act: async (drill) => {
      const [only] = drill.cluster.members as [Member]
      const { id } = await addToMemberList(drill, { through: only, name: 'unstarted' })
      drill.window('wrong-peer-added', 'changes', [only])
      const write = await drill.attempt(only, { kind: 'put', key: 'k0', value: 'stuck' })
      drill.expect(
        'one-of-two-acknowledges-no-write',
        'one of two members acknowledges no write',
        write.type !== 'ok',
        write.type,
      )
      const removal = await etcd
        .memberRemove(drill.client(only), id, { timeoutMs: requestMs })
        .then(() => undefined, messageOf)
      drill.expect(
        'removal-without-quorum-rejected',
        'the wrong member is not removed without quorum',
        removal !== undefined,
        'removed',
      )
      await forceNewCluster(drill, only)
      await drill.untilServing()
    },
  },
  {
    id: 'member-replacement/two-of-one-name',
    title: 'A second member with the name of another does not start and logs the conflict',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: 'the scenario expects the second member to exit with a fatal line' },
    act: async (drill) => {
      const { cluster } = drill
      const through = await cluster.leader()
      const { id, initialCluster } = await addToMemberList(drill, { through, name: newcomer })
      const urls = Object.entries(initialCluster).map(([name, address]) => {
        const shown = name === newcomer ? through.name : name
        return `${shown}=${peerUrl(cluster.spec, address)}`
      })
      await expectNewcomerExits(drill, through.name, urls.join(','))
      await removeRow(drill, through, { id, name: '' })
    },
  },
]

/** etcd takes the same name twice for one member with two URLs, so that the member count differs. */
const conflict = /member count is unequal|already been bootstrapped|conflict/

/** Starts a new member under that name, which must exit, and removes it again. */
async function expectNewcomerExits(drill: Drill, name: string, urls: string): Promise<void> {
  const { cluster } = drill
  const extraFlags = [`--initial-cluster=${urls}`]
  const member = await cluster
    .startMember({ name: newcomer, options: { name }, extraFlags })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof MemberExitedError)) throw thrown
      return String(thrown.fields.logTail)
    })
  if (typeof member !== 'string') {
    const sentence = `the second member named ${name} to exit`
    await untilExit(drill, { id: 'duplicate-name-exits', sentence, member })
  }
  const log = typeof member === 'string' ? member : await member.logs()
  drill.expect(
    'duplicate-name-exits-with-reason',
    'the second member exits and names the conflict',
    conflict.test(log),
    lastComplaint(log),
  )
  if (typeof member !== 'string') await cluster.removeMember(newcomer)
}

/** Adds a second member before the first has started; where etcd accepts it, removes it again. */
async function expectSecondAddition(drill: Drill, through: Member): Promise<void> {
  const { cluster } = drill
  const { members, spec } = cluster
  const client = drill.client(through)
  const url = peerUrl(spec, cluster.reserveAddress('unstarted-too'))
  await drill.hold(connectedMs)
  const rejection = await rejectionOf(etcd.memberAdd(client, { peerUrls: [url] }, longTimeout))
  if (mayAddMember(spec, { listed: members.length + 1, running: members.length })) {
    drill.expect(
      'second-addition-keeps-quorum-accepted',
      'a second member is added where the running members are a quorum of all',
      rejection === undefined,
      formatRejection(rejection),
    )
  } else {
    drill.expect(
      'second-addition-rejected',
      'a second member is not added before the first has started',
      isError(rejection, etcdErrors.unhealthyCluster, etcdErrors.notEnoughStarted),
      formatRejection(rejection),
    )
  }
  const listed = await listMembers(drill, through)
  const second = listed.find(({ peerUrls }) => peerUrls.includes(url))
  drill.expect(
    'addition-is-as-answered',
    'a member is listed when its addition was accepted, and only then',
    (second !== undefined) === (rejection === undefined),
    `${second === undefined ? 'no second member' : 'a second member'} after ${formatRejection(rejection)}`,
  )
  if (second !== undefined) await removeRow(drill, through, second)
}
