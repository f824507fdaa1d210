import {
  type ClusterSpec,
  type Drill,
  etcd,
  fiveMembers,
  inVariants,
  type Member,
  type Objective,
  type Scenario,
  withoutTls,
} from '../../harness/index.ts'
import { electionBound, withInitialCheck } from '../shared/objectives.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import {
  expectAsOf,
  expectOneState,
  expectSameHash,
  expectSameRows,
  expectServes,
  measureRecoveryPoint,
  measureRestore,
  readStore,
} from './expectations.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** The restored cluster's members, given the lost ones. */
type RestoreTargets = (members: readonly Member[]) => readonly string[]

const sameMembers: RestoreTargets = namesOf
const firstMember: RestoreTargets = (members) => namesOf(members).slice(0, 1)
const newMembers: RestoreTargets = (members) => members.map((_, index) => `n${index + 1}`)

const inPlace: Scenario = {
  ...abandonedCluster,
  id: 'snapshot-restore/restored-in-place',
  title: 'A restored cluster has every key as of the snapshot’s revision and none after',
  depth: 'quick',
  objectives: withinOneRestore,
  act: (drill) => restoreTo(drill, sameMembers),
}

export const restoreTargets: readonly Scenario[] = [
  ...inVariants(inPlace, [fiveMembers, withoutTls]),
  {
    ...abandonedCluster,
    id: 'snapshot-restore/restored-to-one',
    title: 'A snapshot of three members restores to one',
    depth: 'full',
    objectives: withinOneRestore,
    act: (drill) => restoreTo(drill, firstMember),
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/restored-elsewhere',
    title: 'A snapshot restores to members with other names and addresses',
    depth: 'ci',
    objectives: withinOneRestore,
    act: (drill) => restoreTo(drill, newMembers),
  },
]

async function restoreTo(drill: Drill, targetsOf: RestoreTargets): Promise<void> {
  const leader = await drill.cluster.leader()
  const snapshot = await takeSnapshot(drill, leader)
  const { revision } = snapshot
  const before = await readStore(drill.client(leader), { atRevision: revision })
  const hash = await etcd.hashKV(drill.client(leader), revision)
  const lostNs = await loseEverything(drill)
  const names = targetsOf(drill.cluster.members)
  await restoreCluster(drill, { content: snapshot.content, names })
  await expectAsOf(drill, revision)
  await expectSameRows(drill, before)
  await expectSameHash(drill, { revision, before: hash })
  await measureRestore(drill, lostNs)
  measureRecoveryPoint(drill, revision)
  await expectServes(drill)
  await expectOneState(drill)
}

/** For the tool, and for the start of containers: this machine's time, not etcd's. */
const restoreMs = 15_000

/**
 * From the loss of the last member to the first write: a restore by script and an election, without
 * the time in which a person notices and decides.
 */
function withinOneRestore(spec: ClusterSpec): Objective[] {
  const restore = { ms: restoreMs, why: `${restoreMs} ms for the restore by script, ` }
  return [{ measure: 'recoveryMs', ...electionBound(spec, withInitialCheck(spec, restore)) }]
}
