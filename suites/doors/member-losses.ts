import {
  type ClusterSpec,
  type Drill,
  type Fault,
  faults,
  type Objective,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { electionBound } from '../shared/objectives.ts'
import { behind, kinds, unfit } from './kinds.ts'

/** The kernel asks three times, a second apart, for an address that is gone. */
const addressMs = 3_000
/** A gateway tries a member again after a second; so does a proxy, and later each time. */
const retryMs = 1_000

export const memberLosses: readonly Scenario[] = kinds.flatMap((kind) => [
  {
    id: `doors/${kind.door}-leader-killed`,
    title: `Clients behind ${kind.several} are all served again while a killed leader is still gone`,
    depth: 'full',
    workload: workloads.steady,
    adjustSpec: behind(kind),
    notApplicable: unfit(kind),
    minMembers: 3,
    faults: [faults.kill],
    objectives: everyClientWithinOneElection,
    act: (drill) => loseLeader(drill, faults.kill),
  },
])

/** Of the client that is out longest, unlike on a direct connection to the member that is gone. */
function everyClientWithinOneElection(spec: ClusterSpec): Objective[] {
  return [{ measure: 'memberWriteOutageMs', ...boundOf(spec) }]
}

function boundOf(spec: ClusterSpec) {
  return electionBound(spec, {
    ms: addressMs + retryMs,
    why: `${addressMs} ms until the kernel gives up an address that is gone, ${retryMs} ms to the next try, `,
  })
}

/** For longer than the bound allows: who is served only once the member is back has broken it. */
function goneMs({ cluster }: Drill): number {
  const { atMost, lostVotes } = boundOf(cluster.spec)
  return atMost + (lostVotes === undefined ? 0 : lostVotes.most * lostVotes.addMs)
}

async function loseLeader(drill: Drill, fault: Fault): Promise<void> {
  const killed = await drill.inject(fault, [await drill.cluster.leader()])
  await drill.untilServing()
  await drill.hold(goneMs(drill))
  await killed.undo()
}
