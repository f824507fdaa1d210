import {
  type Drill,
  type Fault,
  faults,
  featuresOf,
  type Member,
  type Scenario,
  withOptionsForVersion,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { takesNothing } from '../shared/objectives.ts'
import { expectSameTerm, sparseWorkload } from './expectations.ts'

/** Share of one processor: enough to run, too little to keep up. */
const starvationCpus = 0.03

export const degradedMembers: readonly Scenario[] = [
  {
    id: 'quorum-loss/follower-flapping',
    title: 'A follower with a flapping link and pre-vote deposes no leader',
    depth: 'full',
    minMembers: 3,
    workload: sparseWorkload,
    faults: [flappingFollower(1_000)],
    notApplicable: ({ version }) =>
      featuresOf(version).has('pre-vote-flag') ? undefined : `etcd ${version} has no pre-vote`,
    adjustSpec: (spec) => withOptionsForVersion(spec, { 'pre-vote': 'true' }),
    objectives: takesNothing,
    act: flapFollower,
  },
  {
    id: 'quorum-loss/follower-starved',
    title: 'Starving a follower of CPU causes no outage at the other members',
    depth: 'full',
    minMembers: 3,
    workload: sparseWorkload,
    faults: [faults.cpuLimit(starvationCpus)],
    objectives: takesNothing,
    act: async (drill) => starveMember(drill, await oneFollower(drill)),
  },
  {
    id: 'quorum-loss/leader-starved',
    title: 'Starving the leader of CPU loses no acknowledged write',
    depth: 'full',
    workload: sparseWorkload,
    faults: [faults.cpuLimit(starvationCpus)],
    act: async (drill) => starveMember(drill, await drill.cluster.leader()),
  },
]

/** Each cut lasts longer than an election timeout, so that the follower would campaign. */
function rhythmOf(electionTimeoutMs: number) {
  return { onMs: 2 * electionTimeoutMs, offMs: electionTimeoutMs, times: 3 }
}

function flappingFollower(electionTimeoutMs: number): Fault {
  return faults.flapping(faults.isolate, rhythmOf(electionTimeoutMs))
}

async function flapFollower(drill: Drill): Promise<void> {
  const { spec } = drill.cluster
  const leader = await drill.cluster.leader()
  const follower = await oneFollower(drill)
  const { term } = await leader.status()
  const fault = flappingFollower(spec.electionTimeoutMs)
  const flapping = await drill.inject(fault, [follower])
  const rhythm = rhythmOf(spec.electionTimeoutMs)
  await drill.hold(rhythm.times * (rhythm.onMs + rhythm.offMs))
  await flapping.undo()
  await drill.untilServing()
  await expectSameTerm(drill, leader, term)
}

const starvationMs = 6_000

async function starveMember(drill: Drill, member: Member): Promise<void> {
  const limited = await drill.inject(faults.cpuLimit(starvationCpus), [member])
  await drill.hold(starvationMs)
  await limited.undo()
  await drill.untilServing()
}
