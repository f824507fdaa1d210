import { type Drill, faults, featuresOf, type Member, type Scenario } from '../../harness/index.ts'
import {
  expectSameTerm,
  present,
  sparse,
  withinOneElection,
  withinOneVote,
} from './expectations.ts'

/** Of one processor: enough to live, too little to keep up. */
const starvedCpus = 0.03

export const weak: readonly Scenario[] = [
  {
    id: 'quorum-loss/follower-flapping',
    title: 'A follower with a flapping link and pre-vote deposes no leader',
    depth: 'full',
    workload: sparse,
    faults: [faults.isolate],
    notApplicable: ({ version }) =>
      featuresOf(version).has('pre-vote-flag') ? undefined : `etcd ${version} has no pre-vote`,
    adjustSpec: (spec) => ({ ...spec, options: { ...spec.options, 'pre-vote': 'true' } }),
    objectives: withinOneVote,
    act: flapFollower,
  },
  {
    id: 'quorum-loss/follower-starved',
    title: 'Starving a follower of CPU causes no outage at the other members',
    depth: 'full',
    workload: sparse,
    faults: [faults.cpuLimit(starvedCpus)],
    objectives: withinOneElection,
    act: async (drill) => starve(drill, present((await drill.cluster.followers())[0])),
  },
  {
    id: 'quorum-loss/leader-starved',
    title: 'Starving the leader of CPU loses no acknowledged write',
    depth: 'full',
    workload: sparse,
    faults: [faults.cpuLimit(starvedCpus)],
    act: async (drill) => starve(drill, await drill.cluster.leader()),
  },
]

async function flapFollower(drill: Drill): Promise<void> {
  const { spec } = drill.cluster
  const leader = await drill.cluster.leader()
  const [follower] = await drill.cluster.followers()
  const { term } = await leader.status()
  // Down for so long that it would stand for election, several times.
  const rhythm = { onMs: 2 * spec.electionTimeoutMs, offMs: spec.electionTimeoutMs, times: 3 }
  const flapping = await drill.inject(faults.flapping(faults.isolate, rhythm), [present(follower)])
  await drill.hold(rhythm.times * (rhythm.onMs + rhythm.offMs))
  await flapping.undo()
  await drill.untilServing()
  await expectSameTerm(drill, leader, term)
}

const starvedMs = 6_000

async function starve(drill: Drill, member: Member): Promise<void> {
  const starved = await drill.inject(faults.cpuLimit(starvedCpus), [member])
  await drill.hold(starvedMs)
  await starved.undo()
  await drill.untilServing()
}
