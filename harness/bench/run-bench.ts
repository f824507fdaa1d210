import { GuaranteeBrokenError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { inChildProcess, type MeasuredRound, measureRound, summarizeRounds } from '../load/index.ts'
import type { ThroughputComparison, ThroughputRecord } from '../run-record/throughput-record.ts'
import type { BenchCluster } from './bench-cluster.ts'
import { type PeerRound, summarizePeers } from './compare.ts'
import type { Peer } from './peers/peer.ts'
import { type BenchPlan, loadOf } from './plan.ts'
import { watchRoom } from './room.ts'
import { kneeOf, sweepShares } from './sweep.ts'

/** One load of the plan, and all rounds of it. */
interface Point {
  readonly clients: number
  readonly ratePerS: number | undefined
  readonly rounds: MeasuredRound[]
}

export interface BenchRun {
  readonly cluster: BenchCluster
  readonly plan: BenchPlan
  readonly peers: readonly Peer[]
  readonly log: Log
  /** Aborting it ends the round under way; `runBench` rejects then. */
  readonly signal?: AbortSignal
}

/**
 * Measures the plan's loads in turn, `rounds` times, and each peer after ours of the same clients, so
 * that a drift of the machine affects all of them alike. It stops, with an EnvironmentError, before a
 * database is full: that would stop every client's writes. What it wrote is removed at the end, also when
 * the signal aborts. Throws a GuaranteeBrokenError for a count that disagrees with etcd's revisions, and
 * the signal's reason when it aborts.
 */
export async function runBench(order: BenchRun): Promise<ThroughputRecord> {
  const { cluster, plan } = order
  const run = { ...order, earlier: [] }
  await cluster.expectNoKeys()
  try {
    const points = plan.clients.map((clients) => pointOf(clients, plan.ratePerS))
    const peerRounds: PeerRound[] = []
    for (let round = 1; round <= plan.rounds; round++) {
      for (const point of points) {
        const oursPerS = await measure(run, point)
        peerRounds.push(...(await measurePeers(run, point.clients, oursPerS)))
      }
    }
    const swept = plan.sweep ? await sweep(run, points) : []
    return recordOf(plan, [...points, ...swept], summarizePeers(peerRounds))
  } finally {
    await cluster.removeKeys()
  }
}

/** A run that goes on. */
interface Running extends BenchRun {
  /** Rounds so far, in order. */
  readonly earlier: MeasuredRound[]
}

const pointOf = (clients: number, ratePerS?: number): Point => ({ clients, ratePerS, rounds: [] })

/** One round of ours; returns its rate. */
async function measure(run: Running, point: Point): Promise<number> {
  const { cluster, plan, log, earlier } = run
  run.signal?.throwIfAborted()
  await cluster.reclaim()
  using room = await watchRoom(cluster)
  const signal = run.signal === undefined ? room.signal : AbortSignal.any([run.signal, room.signal])
  const load = { ...loadOf(plan, point), ...(await cluster.reach()) }
  const order = { load, unsettled: unknownWrites(earlier) }
  const round = await measureRound(cluster, inChildProcess(plan.generator), order, signal)
  const { measured, proof } = round
  point.rounds.push(round)
  earlier.push(round)
  const what = `${plan.generator}, ${plan.operation}, ${point.clients} clients${point.ratePerS === undefined ? '' : `, ${Math.round(point.ratePerS)}/s due`}`
  const { p50Ms, p99Ms } = measured.latency
  const latency = `p50 ${p50Ms?.toFixed(1) ?? '–'} ms, p99 ${p99Ms?.toFixed(1) ?? '–'} ms`
  log.step(`${what}: ${Math.round(measured.writesPerS)}/s, ${latency}`)
  if (!proof.holds) {
    const found = `${proof.revisionAfter - proof.revisionBefore} for ${proof.atLeast} to ${proof.atMost}`
    throw new GuaranteeBrokenError(
      `Expected etcd's revisions to agree with the count of ${plan.generator}, got ${found}; does another client write?`,
      { expectation: 'count-agrees-with-revision' },
    )
  }
  signal.throwIfAborted()
  return measured.writesPerS
}

/** Writes whose outcome is unknown may take effect in a later round. */
function unknownWrites(rounds: readonly MeasuredRound[]): number {
  const unknown = rounds.map(({ measured: { revisions } }) => revisions.atMost - revisions.atLeast)
  return unknown.reduce((sum, count) => sum + count, 0)
}

async function measurePeers(run: BenchRun, clients: number, oursPerS: number) {
  const { cluster, plan, peers, log } = run
  const rounds: PeerRound[] = []
  for (const peer of peers) {
    await cluster.reclaim()
    const reach = await cluster.reach()
    const theirs = await peer.run({ plan, clients, reach, oursPerS })
    log.step(`${peer.name}, ${clients} clients: ${Math.round(theirs.writesPerS)}/s`)
    rounds.push({ peer: peer.name, clients, oursPerS, theirs })
  }
  return rounds
}

/** Open loops at shares of what the closed loop with the most clients reached. */
async function sweep(run: Running, closed: readonly Point[]): Promise<Point[]> {
  const most = closed.reduce((one, other) => (other.clients > one.clients ? other : one))
  const reached = Math.max(...most.rounds.map(({ measured }) => measured.writesPerS))
  const points = sweepShares.map((share) => pointOf(most.clients, Math.max(1, share * reached)))
  for (const point of points) await measure(run, point)
  const kneePerS = kneeOf(points.flatMap(({ rounds }) => rounds.map(({ measured }) => measured)))
  run.log.step(
    kneePerS === null
      ? 'no knee: the cluster kept up with none of the rates'
      : `the knee is at ${Math.round(kneePerS)}/s`,
  )
  return points
}

function recordOf(
  { generator, target, keys, keyBytes, valueBytes }: BenchPlan,
  points: readonly Point[],
  comparisons: readonly ThroughputComparison[],
): ThroughputRecord {
  return {
    format: 'gauntlet-throughput/1',
    keys,
    keyBytes,
    valueBytes,
    measurements: points.map(({ rounds }) => ({ ...summarizeRounds(generator, rounds), target })),
    ...(comparisons.length > 0 && { comparisons: [...comparisons] }),
  }
}
