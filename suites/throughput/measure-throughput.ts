import {
  type Drill,
  load,
  measuresByClients,
  type ThroughputMeasurement,
  type ThroughputRecord,
  type ThroughputRound,
  throughputFile,
} from '../../harness/index.ts'
import { type Combination, measureCombination, type Round, writeSizes } from './measure-round.ts'

export interface MeasurementPlan {
  readonly combinations: readonly Combination[]
  /** How often to measure the combinations in turn, so that a drift affects all of them. */
  readonly rounds: number
  readonly windowMs: number
}

/** Fewer writes than this are too few for a rate or a percentile. */
const leastWrites = 50

/** Measures every combination, writes `throughput.json` after each round, and notes the measures. */
export async function measureThroughput(drill: Drill, plan: MeasurementPlan): Promise<void> {
  const results = await measureRounds(drill, plan)
  noteFigures(drill, measurementsOf(results))
  for (const { measured } of results.flatMap(({ rounds }) => rounds)) {
    checkComplete(drill, measured)
  }
}

interface Result {
  readonly combination: Combination
  readonly rounds: Round[]
}

async function measureRounds(
  drill: Drill,
  { combinations, rounds, windowMs }: MeasurementPlan,
): Promise<readonly Result[]> {
  const results = combinations.map((combination): Result => ({ combination, rounds: [] }))
  let unsettled = 0
  const saturating = drill.window('saturation', 'degrades', drill.cluster.members)
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      const { generator, target, clients } = result.combination
      const what = `${generator.name}, ${clients} client${clients === 1 ? '' : 's'} at ${target === 'all' ? 'all members' : 'the leader'}`
      drill.mark('note', `${what}: begins`)
      const done = await measureCombination(drill, result.combination, { windowMs, unsettled })
      const { revisions, writesPerS, latency } = done.measured
      drill.mark(
        'note',
        `${what}: ${Math.round(writesPerS)} writes/s, p99 ${latency.p99Ms?.toFixed(1) ?? '–'} ms`,
      )
      unsettled += revisions.atMost - revisions.atLeast
      result.rounds.push(done)
      await drill.attach(throughputFile, recordOf(results))
    }
  }
  await saturating.undo()
  return results
}

function recordOf(results: readonly Result[]): ThroughputRecord {
  const measurements = measurementsOf(results)
  return { format: 'gauntlet-throughput/1', ...writeSizes, measurements }
}

/** The combinations that had their first round. */
function measurementsOf(results: readonly Result[]): ThroughputMeasurement[] {
  const begun = results.filter(({ rounds }) => rounds.length > 0)
  return begun.map(({ combination, rounds }) => mergedOf(combination, rounds))
}

function mergedOf({ generator, target }: Combination, rounds: Round[]): ThroughputMeasurement {
  const summary = load.summarizeRounds(generator.name, rounds)
  const keptLeader = rounds.every((round) => round.keptLeader)
  const warnings = [...summary.warnings, ...(keptLeader ? [] : ['the leader changed meanwhile'])]
  return { ...summary, target, warnings }
}

const mostOthers = (rounds: readonly ThroughputRound[]): number =>
  Math.max(0, ...rounds.map(({ otherProcessCores }) => otherProcessCores))

/**
 * The floor bounds the best rate of all combinations: it is the cluster's, not one generator's. The
 * rate is a lower bound when other processes use the machine.
 */
export function noteFigures(
  drill: Pick<Drill, 'measure' | 'measureAtLeast'>,
  measurements: readonly ThroughputMeasurement[],
): void {
  const best = measurements.toSorted((one, other) => other.writesPerS - one.writesPerS)[0]
  const others = mostOthers(best?.rounds ?? [])
  const why = `others used ${others.toFixed(1)} of the machine's ${load.machineCores()} cores`
  const rate = rounded(best?.writesPerS ?? 0)
  if (load.isNoisy(others)) drill.measureAtLeast('writesPerS', rate, why)
  else drill.measure('writesPerS', rate)
  for (const [name, value] of Object.entries(measuresByClients(measurements))) {
    drill.measure(name, value)
  }
}

/** A load that ended early, or was hardly answered, measures nothing on a healthy cluster. */
function checkComplete(
  drill: Drill,
  { endedBy, errors, inWindow, clients }: load.MeasuredLoad,
): void {
  if (endedBy !== 'errors' && inWindow >= leastWrites) return
  drill.markInconclusive(
    `${clients} clients received too few answers: ${inWindow}, with the errors ${JSON.stringify(errors)}`,
  )
}

const rounded = (value: number) => Math.round(value * 10) / 10
