import {
  type ClusterSpec,
  type Door,
  type Drill,
  type Fault,
  faults,
  type InjectedFault,
  type Objective,
  type Scenario,
  timing,
  workloads,
} from '../../harness/index.ts'
import { takesNothing } from '../shared/objectives.ts'
import { behind, type Kind, kinds, unfit } from './kinds.ts'

/** Several election timeouts. */
const faultMs = ({ cluster }: Drill) => 3 * cluster.spec.electionTimeoutMs

export const doorFaults: readonly Scenario[] = kinds.flatMap((kind) => [
  {
    ...common(kind),
    id: `doors/${kind.door}-killed`,
    title: `Clients of the other ${kind.several} notice nothing while ${kind.one} is killed`,
    depth: 'ci',
    faults: [faults.killDoor],
    objectives: (spec) => [...takesNothing(spec), servesAgain(spec)],
    act: (drill) => harmOne(drill, faults.killDoor),
  },
  {
    ...common(kind),
    id: `doors/${kind.door}-paused`,
    title: `Clients of the other ${kind.several} notice nothing while ${kind.one} is frozen`,
    depth: 'full',
    faults: [faults.pauseDoor],
    objectives: takesNothing,
    act: (drill) => harmOne(drill, faults.pauseDoor),
  },
  {
    ...common(kind),
    id: `doors/${kind.door}-cut-off`,
    title: `Clients of the other ${kind.several} notice nothing while ${kind.one} is cut off from the members`,
    depth: 'full',
    faults: [faults.isolateDoor],
    objectives: takesNothing,
    act: (drill) => harmOne(drill, faults.isolateDoor),
  },
  {
    ...common(kind),
    id: `doors/${kind.door}-all-killed`,
    title: `The members serve on while all ${kind.several} are killed, and clients once they run again`,
    depth: 'full',
    faults: [faults.killDoor],
    objectives: (spec) => [servesAgain(spec)],
    act: harmAll,
  },
])

function common(kind: Kind) {
  return {
    workload: workloads.steady,
    adjustSpec: behind(kind),
    notApplicable: unfit(kind),
    minMembers: 3,
  } as const satisfies Partial<Scenario>
}

/** It has no data to read: clients connect again ten times a second, and shake hands. */
function servesAgain(spec: ClusterSpec): Objective {
  const startMs = 1_000
  return {
    measure: 'restartedMemberMs',
    atMost: startMs + 2 * timing.steadyMs(spec),
    from: `${startMs} ms for the start of a process without data, and ten heartbeats of ${spec.heartbeatIntervalMs} ms`,
  }
}

async function harmOne(drill: Drill, fault: Fault): Promise<void> {
  await harm(drill, fault, drill.cluster.doors.slice(0, 1))
}

async function harmAll(drill: Drill): Promise<void> {
  const [member] = drill.cluster.members
  if (member === undefined) throw new RangeError('Expected a member, got none')
  await harm(drill, faults.killDoor, drill.cluster.doors, async () => {
    const { type, error } = await drill.attempt(member, { kind: 'get', key: 'k0' })
    drill.expect(
      'members-serve-beside-doors',
      `${member.name} serves who asks it directly while no door runs`,
      type === 'ok',
      error ?? type,
    )
  })
}

async function harm(
  drill: Drill,
  fault: Fault,
  doors: readonly Door[],
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  const injected: InjectedFault = await drill.inject(fault, doors)
  await meanwhile()
  await drill.hold(faultMs(drill))
  await injected.undo()
  await drill.untilServing()
}
