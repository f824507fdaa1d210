import {
  type Drill,
  done,
  etcd,
  featuresOf,
  load,
  type Member,
  notYet,
  poll,
} from '../../harness/index.ts'

/** Keys and values as on etcd's benchmark page. */
export const writeSizes = { keys: 1_000, keyBytes: load.keyBytes, valueBytes: 256 } as const
const putsUnder = { operation: 'put', keyPrefix: 'b' } as const
const bounds = { warmUpMs: 500, mostRequests: 250_000, timeoutMs: 10_000 } as const

const answeredDeadlineMs = 60_000

/** One load to measure. */
export interface Combination {
  readonly generator: load.Generator
  readonly target: 'leader' | 'all'
  readonly clients: number
}

export interface Round extends load.MeasuredRound {
  /** The same member led before and after it. */
  readonly keptLeader: boolean
}

/**
 * Measures one round. `unsettled` counts the writes of earlier rounds whose outcome is unknown. A
 * count that disagrees with etcd's revision breaks the scenario.
 */
export async function measureCombination(
  drill: Drill,
  combination: Combination,
  { windowMs, unsettled }: { readonly windowMs: number; readonly unsettled: number },
): Promise<Round> {
  const { generator, target, clients } = combination
  const leader = await drill.cluster.leader()
  const before = await takeSample(drill, leader)
  const measured = await generator.run({
    ...writeSizes,
    ...putsUnder,
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
  const keptLeader = (await drill.cluster.leader()) === leader
  return { measured, proof, cost: load.costOfRound(before, after, measured), keptLeader }
}

/** The leader is last, so that a single client at all members writes through a follower. */
async function targetsOf(
  { cluster }: Drill,
  target: Combination['target'],
  leader: Member,
): Promise<readonly Member[]> {
  return target === 'leader' ? [leader] : [...(await cluster.followers()), leader]
}

const targetOf = ({ name, clientEndpoint, httpEndpoint }: Member): load.Target => ({
  member: name,
  endpoint: clientEndpoint,
  httpEndpoint,
})

interface Sample extends load.ClusterSample {
  /** How many events the history had. */
  readonly events: number
}

async function takeSample(drill: Drill, leader: Member): Promise<Sample> {
  const sample = await load.takeSample({
    readRevision: async () => (await etcd.range(drill.client(leader), { key: 'none' })).revision,
    readMetrics: async () => {
      const read = drill.cluster.members.map(
        async ({ name, metricsEndpoint }) =>
          [name, await load.readMetrics(metricsEndpoint)] as const,
      )
      return new Map(await Promise.all(read))
    },
  })
  return { ...sample, events: drill.history().events.length }
}

/** Waits for the answers to the workload's own puts, which have their revisions. */
async function proofOf(
  drill: Drill,
  parts: { measured: load.MeasuredLoad; unsettled: number; before: Sample; after: Sample },
): Promise<load.CountCheck> {
  const { measured, unsettled, before, after } = parts
  const [revisionBefore, revisionAfter] = [before.revision, after.revision]
  const span = { after: revisionBefore, upTo: revisionAfter, events: after.events }
  const others = await poll(
    () => {
      const written = load.writtenBetween(drill.history(), span)
      return written === undefined ? notYet('some requests are open') : done(written)
    },
    { what: "the workload's writes to be answered", deadlineMs: answeredDeadlineMs },
  )
  const created = measured.revisions
  return load.checkCount({ revisionBefore, revisionAfter, created, unsettled, others })
}
