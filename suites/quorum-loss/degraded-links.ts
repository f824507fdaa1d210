import {
  type ClusterSpec,
  type Drill,
  done,
  type Fault,
  faults,
  type Member,
  notYet,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { expectSameTerm, faultMs } from './expectations.ts'

/** Delays as a share of the election timeout: heartbeats arrive in time, or too late. */
const belowTimeout = 0.3
const aboveTimeout = 2.5

/** A round trip takes several times the delay; a shorter timeout would count slow requests as lost. */
const patientWorkload = { ...workloads.steady, timeoutMs: 5_000 }

type Timing = Pick<ClusterSpec, 'electionTimeoutMs'>

const latencyFault =
  (share: number) =>
  ({ electionTimeoutMs }: Timing) =>
    faults.latency({ delayMs: Math.round(share * electionTimeoutMs) })

/** A fault of the leader's links, and whether the other members must elect another leader. */
interface LinkFault {
  readonly name: string
  readonly title: string
  readonly depth: Scenario['depth']
  readonly fault: (timing: Timing) => Fault
  readonly elects: boolean
}

const links: readonly LinkFault[] = [
  {
    name: 'latency-below-election',
    title: 'A leader whose messages take a third of the election timeout keeps its term',
    depth: 'full',
    fault: latencyFault(belowTimeout),
    elects: false,
  },
  {
    name: 'latency-above-election',
    title:
      'The other members replace a leader whose messages take longer than the election timeout',
    depth: 'full',
    fault: latencyFault(aboveTimeout),
    elects: true,
  },
  {
    name: 'loss-below-election',
    title: 'A leader that loses every twentieth packet keeps its term',
    depth: 'full',
    fault: () => faults.loss(0.05),
    elects: false,
  },
  {
    name: 'loss-above-election',
    title: 'The other members replace a leader that loses nearly every packet',
    depth: 'full',
    fault: () => faults.loss(0.98),
    elects: true,
  },
  {
    name: 'bandwidth-below-election',
    title: 'A leader that sends half a megabyte a second keeps its term',
    depth: 'full',
    fault: () => faults.bandwidth(500_000),
    elects: false,
  },
  {
    name: 'bandwidth-above-election',
    title: 'The other members replace a leader that sends one kilobyte a second',
    depth: 'full',
    fault: () => faults.bandwidth(1_000),
    elects: true,
  },
]

export const degradedLinks: readonly Scenario[] = links.map(scenarioOf)

function scenarioOf({ name, title, depth, fault, elects }: LinkFault): Scenario {
  return {
    id: `quorum-loss/${name}`,
    title,
    depth,
    minMembers: 3,
    workload: patientWorkload,
    // Its name and its needs, which do not depend on the cluster's timing.
    faults: [fault({ electionTimeoutMs: 1_000 })],
    act: async (drill) => {
      const { cluster } = drill
      const leader = await cluster.leader()
      const { term } = await leader.status()
      const degraded = await drill.inject(fault(cluster.spec), [leader])
      if (elects) await expectReplaced(drill, leader, term)
      await drill.hold(faultMs(drill))
      await drill.untilServing()
      if (!elects) await expectSameTerm(drill, leader, term)
      await degraded.undo()
    },
  }
}

async function expectReplaced(drill: Drill, leader: Member, term: number): Promise<void> {
  const { cluster } = drill
  const others = cluster.members.filter((member) => member !== leader)
  await drill.becomes(
    'degraded-leader-is-replaced',
    `the other members to elect another leader than that of term ${term}`,
    async () => {
      for (const other of others) {
        const status = await other.status()
        if (status.leaderId !== null && status.term > term) return done(undefined)
      }
      return notYet(`term ${term}`)
    },
  )
}
