import {
  type Drill,
  done,
  etcd,
  featuresOf,
  load,
  type Member,
  notYet,
  poll,
  type ThroughputRound,
} from '../../harness/index.ts'

/** Keys and values as on etcd's benchmark page. */
export const written = { keys: 1_000, valueBytes: 256 } as const
const bounds = { warmUpMs: 500, mostWrites: 250_000, timeoutMs: 10_000 } as const

const answeredDeadlineMs = 60_000

/** One load to measure. */
export interface Combination {
  readonly generator: load.Generator
  readonly target: 'leader' | 'all'
  readonly clients: number
}

/** One round of a load, with the proof of its count and the cost of its members. */
export interface Round {
  readonly measured: load.MeasuredLoad
  readonly record: ThroughputRound
  /** The same member led before and after it. */
  readonly keptLeader: boolean
}

/**
 * Measures one round. `unsettled` counts the writes of earlier rounds whose outcome is unknown. A
 * count that disagrees with etcd's revision breaks the scenario.
 */
export async function measureRound(
  drill: Drill,
  combination: Combination,
  { windowMs, unsettled }: { readonly windowMs: number; readonly unsettled: number },
): Promise<Round> {
  const { generator, target, clients } = combination
  const leader = await drill.cluster.leader()
  const before = await takeSample(drill, leader)
  const measured = await generator.run({
    ...written,
    ...bounds,
    windowMs,
    clients,
    targets: (await targetsOf(drill, target, leader)).map(targetOf),
    credentials: drill.cluster.credentials,
    gatewayPrefix: featuresOf(drill.cluster.spec.version).gatewayPrefix,
  })
  const after = await takeSample(drill, leader)
  const proof = await proofOf(drill, { measured, unsettled, before, after })
  drill.expect(
    'count-agrees-with-revision',
    `etcd’s revision agrees with the count of ${generator.name}`,
    proof.holds,
    `${proof.revisionAfter - proof.revisionBefore} revisions for ${proof.atLeast} to ${proof.atMost} writes`,
  )
  const { writesPerS, eachSecond } = measured
  const keptLeader = (await drill.cluster.leader()) === leader
  const record = { writesPerS, eachSecond, proof, ...usedBetween(before, after, measured) }
  return { measured, record, keptLeader }
}

/** What the round cost the members, and what other processes used of the machine meanwhile. */
function usedBetween(before: Sample, after: Sample, { cpuCores }: load.MeasuredLoad) {
  const elapsedMs = (after.atNs - before.atNs) / 1e6
  const costs = costsBetween(before, after)
  const otherProcessCores = load.otherProcessCores(
    { before: before.machine, after: after.machine },
    {
      elapsedS: elapsedMs / 1_000,
      membersS: costs.reduce((sum, { cpuS }) => sum + cpuS, 0),
      generatorCores: cpuCores,
    },
  )
  return { elapsedMs, otherProcessCores, costs }
}

/** The leader is last, so that a single client at all members writes through a follower. */
async function targetsOf(
  { cluster }: Drill,
  target: Combination['target'],
  leader: Member,
): Promise<readonly Member[]> {
  return target === 'leader' ? [leader] : [...(await cluster.followers()), leader]
}

const targetOf = ({ name, clientEndpoint }: Member): load.Target => ({
  member: name,
  endpoint: clientEndpoint,
})

interface Sample {
  readonly atNs: number
  readonly machine: load.MachineUse
  readonly revision: number
  /** How many events the history had. */
  readonly events: number
  readonly metrics: ReadonlyMap<string, load.MemberMetrics>
}

/** Takes the revision from a linearizable read, so that it includes every acknowledged write. */
async function takeSample(drill: Drill, leader: Member): Promise<Sample> {
  const metrics = await Promise.all(
    drill.cluster.members.map(
      async ({ name, metricsEndpoint }) => [name, await load.readMetrics(metricsEndpoint)] as const,
    ),
  )
  const { revision } = await etcd.range(drill.client(leader), { key: 'none' })
  const events = drill.history().events.length
  const machine = load.machineUse()
  return { atNs: drill.nowNs(), machine, revision, events, metrics: new Map(metrics) }
}

/** Waits for the answers to the workload's own puts, which have their revisions. */
async function proofOf(
  drill: Drill,
  parts: { measured: load.MeasuredLoad; unsettled: number; before: Sample; after: Sample },
): Promise<load.CountCheck> {
  const { measured, unsettled, before, after } = parts
  const { sent, acknowledged } = measured
  const [revisionBefore, revisionAfter] = [before.revision, after.revision]
  const span = { after: revisionBefore, upTo: revisionAfter, events: after.events }
  const others = await poll(
    () => {
      const written = load.writtenBetween(drill.history(), span)
      return written === undefined ? notYet('some requests are open') : done(written)
    },
    { what: "the workload's writes to be answered", deadlineMs: answeredDeadlineMs },
  )
  return load.checkCount({ revisionBefore, revisionAfter, sent, acknowledged, unsettled, others })
}

function costsBetween(before: Sample, after: Sample): load.MemberCost[] {
  return [...after.metrics].flatMap(([member, now]) => {
    const then = before.metrics.get(member)
    return then === undefined ? [] : [load.costBetween(member, { before: then, after: now })]
  })
}
