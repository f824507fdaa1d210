import {
  type ClusterSpec,
  type Drill,
  done,
  type Member,
  MemberExitedError,
  notYet,
  peerUrl,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { lastComplaint, untilExit } from '../shared/member-exit.ts'
import { addToMemberList, removeRow, untilHealthy } from '../shared/membership.ts'

const newcomer = 'm9'

/** How a newcomer is started beside a serving cluster, and what etcd says to it. */
interface WrongStart {
  readonly name: string
  /** Completes "A newcomer …". */
  readonly title: string
  readonly depth: Scenario['depth']
  /** Whether it is in the member list when it starts. */
  readonly isAdded?: true
  readonly start: (place: Place) => Parameters<Drill['cluster']['startMember']>[0]
  /** What happens to its process; `waits`: it runs, and serves nobody. */
  readonly ends: 'exits' | 'waits'
  /** etcd's own reason, which the newcomer or another member logs. */
  readonly reason: RegExp
  /** How an operator mends it; the newcomer is healthy then. */
  readonly mend?: (member: Member) => Promise<void>
}

interface Place {
  readonly spec: ClusterSpec
  /** Of the newcomer, on the cluster's network. */
  readonly address: string
  /** Member name → address, with the newcomer. */
  readonly initialCluster: Readonly<Record<string, string>>
  /** In the member list, where it was added. */
  readonly id: string
}

const rows: readonly WrongStart[] = [
  {
    name: 'name-not-listed',
    title: 'whose name its initial cluster lacks exits and says so',
    depth: 'ci',
    start: ({ initialCluster: { [newcomer]: _, ...others } }) => ({
      name: newcomer,
      initialCluster: others,
    }),
    ends: 'exits',
    reason: /couldn't find local name/,
  },
  {
    name: 'localhost-advertised',
    title:
      'that advertises 127.0.0.1 to its peers exits, because its initial cluster has another address',
    depth: 'ci',
    start: ({ spec, initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'new',
      // etcd takes http://localhost:2380, its default, for unset, and advertises the host's address.
      options: { 'initial-advertise-peer-urls': peerUrl(spec, '127.0.0.1') },
    }),
    ends: 'exits',
    reason: /has .* but missing from|advertise-peer-urls.*(missing|mismatch)|do not match/,
  },
  {
    name: 'not-added',
    title: 'that was never added to the cluster exits, because the counts of members differ',
    depth: 'ci',
    start: ({ initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'existing',
    }),
    ends: 'exits',
    reason: /member count is unequal/,
  },
  {
    name: 'added-started-as-new',
    title:
      'that was added but starts as of a new cluster is kept out until it starts as of this one',
    depth: 'ci',
    isAdded: true,
    start: ({ initialCluster }) => ({ name: newcomer, initialCluster, initialClusterState: 'new' }),
    ends: 'waits',
    reason: /cluster ID mismatch/,
    mend: (member) => member.recreate({ initialClusterState: 'existing', wipeData: true }),
  },
  {
    name: 'other-token',
    title: 'with the token of another cluster is kept out',
    depth: 'full',
    start: ({ spec, initialCluster }) => ({
      name: newcomer,
      initialCluster,
      initialClusterState: 'new',
      options: { 'initial-cluster-token': `not-${spec.name}` },
    }),
    ends: 'waits',
    reason: /cluster ID mismatch/,
  },
]

export const wrongStarts: readonly Scenario[] = rows.map((row) => ({
  id: `bootstrap/${row.name}`,
  title: `A newcomer ${row.title}`,
  depth: row.depth,
  minMembers: 3,
  workload: workloads.steady,
  faults: [],
  skippedCheckers: { logs: 'the scenario expects the newcomer to fail with a fatal line' },
  act: (drill) => startWrongly(drill, row),
}))

async function startWrongly(drill: Drill, row: WrongStart): Promise<void> {
  const { cluster } = drill
  const through = await cluster.leader()
  const place = await placeOf(drill, through, row)
  const before = await logsOf(cluster.members)
  const member = await cluster.startMember(row.start(place)).catch((thrown: unknown) => {
    if (!(thrown instanceof MemberExitedError)) throw thrown
    return String(thrown.fields.logTail)
  })
  if (typeof member === 'string') {
    expectReason(drill, row, member)
    return
  }
  if (row.ends === 'exits') {
    await untilExit(drill, { id: 'wrong-start-exits', sentence: 'the newcomer to exit', member })
    expectReason(drill, row, await member.logs())
  } else {
    await expectKeptOut(drill, row, { member, before })
  }
  if (row.mend !== undefined) {
    await row.mend(member)
    await untilHealthy(drill, member)
  }
  if (row.isAdded === true) await removeRow(drill, through, { id: place.id, name: newcomer })
  await cluster.removeMember(newcomer)
}

async function placeOf(drill: Drill, through: Member, { isAdded }: WrongStart): Promise<Place> {
  const { cluster } = drill
  const { spec } = cluster
  const address = cluster.reserveAddress(newcomer)
  if (isAdded === true) {
    const { id, initialCluster } = await addToMemberList(drill, { through, name: newcomer })
    return { spec, address, id, initialCluster }
  }
  const others = Object.fromEntries(cluster.members.map((each) => [each.name, each.address]))
  return { spec, address, id: '', initialCluster: { ...others, [newcomer]: address } }
}

/** The reason may stand in the log of the member that refuses the newcomer. */
async function expectKeptOut(
  drill: Drill,
  { reason }: WrongStart,
  { member, before }: { readonly member: Member; readonly before: ReadonlyMap<string, number> },
): Promise<void> {
  const { cluster, deadlines } = drill
  await drill.becomes(
    'wrong-start-is-explained',
    `a member to log ${reason.source}`,
    async () => {
      for (const each of cluster.members) {
        const log = (await each.logs()).slice(before.get(each.name) ?? 0)
        if (reason.test(log)) return done(undefined)
      }
      return notYet(lastComplaint(await member.logs()))
    },
    { deadlineMs: deadlines.healthyMs },
  )
  await drill.hold(keptOutElections * cluster.spec.electionTimeoutMs)
  const isHealthy = await member.isHealthy()
  drill.expect(
    'wrong-start-serves-nobody',
    'the newcomer to serve no client',
    !isHealthy,
    isHealthy ? 'a healthy newcomer' : 'none that is healthy',
  )
}

/** It asks for votes in each of them. */
const keptOutElections = 3

function expectReason(drill: Drill, { reason }: WrongStart, log: string): void {
  drill.expect(
    'wrong-start-is-explained',
    `the newcomer to log ${reason.source}`,
    reason.test(log),
    lastComplaint(log),
  )
}

async function logsOf(members: readonly Member[]): Promise<ReadonlyMap<string, number>> {
  const lengths = members.map(async (each) => [each.name, (await each.logs()).length] as const)
  return new Map(await Promise.all(lengths))
}
