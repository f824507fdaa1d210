import {
  bench,
  type Drill,
  type ThroughputMeasurement,
  type ThroughputRecord,
  type ThroughputRound,
  throughputFile,
} from '../../harness/index.ts'
import { type Combination, measureRound, type Round, written } from './measure.ts'

export interface Measuring {
  readonly combinations: readonly Combination[]
  /** The combinations in turn, so often: what drifts meanwhile meets all of them. */
  readonly rounds: number
  readonly windowMs: number
}

/** Fewer writes than this say nothing of a rate or a percentile. */
const leastWrites = 50

/**
 * Measures, keeps everything as `throughput.json`, and the figures as measures. Returns what was
 * measured.
 */
export async function measureThroughput(
  drill: Drill,
  measuring: Measuring,
): Promise<readonly ThroughputMeasurement[]> {
  const results = await measureRounds(drill, measuring)
  const measurements = results.map(({ combination, rounds }) => mergedOf(combination, rounds))
  const record: ThroughputRecord = {
    format: 'gauntlet-throughput/1',
    keyBytes: bench.keyBytes,
    ...written,
    measurements,
  }
  await drill.attach(throughputFile, record)
  noteFigures(drill, measurements)
  for (const { rounds } of results)
    for (const { measured } of rounds) doubtUnlessWhole(drill, measured)
  return measurements
}

interface Result {
  readonly combination: Combination
  readonly rounds: Round[]
}

async function measureRounds(
  drill: Drill,
  { combinations, rounds, windowMs }: Measuring,
): Promise<readonly Result[]> {
  const results = combinations.map((combination): Result => ({ combination, rounds: [] }))
  let unsettled = 0
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      const { generator, target, clients } = result.combination
      const what = `${generator.name}, ${clients} client${clients === 1 ? '' : 's'} at ${target === 'all' ? 'all members' : 'the leader'}`
      drill.mark('note', `${what}: begins`)
      const done = await measureRound(drill, result.combination, { windowMs, unsettled })
      const { sent, acknowledged, writesPerS, latency } = done.measured
      drill.mark(
        'note',
        `${what}: ${Math.round(writesPerS)} writes/s, p99 ${latency.p99Ms?.toFixed(1) ?? '–'} ms`,
      )
      unsettled += sent - acknowledged
      result.rounds.push(done)
    }
  }
  return results
}

function mergedOf({ generator, target }: Combination, rounds: Round[]): ThroughputMeasurement {
  const [first, ...rest] = rounds.map(({ measured }) => measured)
  const merged = bench.mergeRounds([first as bench.Measured, ...rest])
  const { members, clients, windowMs, writesPerS, latency, histogram } = merged
  const { sent, acknowledged, errors, cpuCores, busy } = merged
  return {
    generator: generator.name,
    target,
    ...{ members, clients, windowMs, writesPerS, latency, histogram },
    ...{ sent, acknowledged, errors, cpuCores, busy },
    rounds: rounds.map(({ record }) => record),
    warnings: [...bench.warningsOf(merged), ...warningsOfRounds(rounds)],
  }
}

/** Besides what the generator's own figures say. */
function warningsOfRounds(rounds: readonly Round[]): string[] {
  const others = mostOthers(rounds.map(({ record }) => record))
  const contested = `other processes used up to ${others.toFixed(1)} of this machine's ${bench.machineCores()} cores: alone the cluster takes more`
  return [
    ...(bench.isContested(others) ? [contested] : []),
    ...(rounds.every(({ keptLeader }) => keptLeader) ? [] : ['the leader changed meanwhile']),
  ]
}

const mostOthers = (rounds: readonly ThroughputRound[]): number =>
  Math.max(0, ...rounds.map(({ othersCores }) => othersCores))

/** The best of all is what a floor is for: it is the cluster's, not one generator's. */
function noteFigures(drill: Drill, measurements: readonly ThroughputMeasurement[]): void {
  const several = new Set(measurements.map(({ generator }) => generator)).size > 1
  drill.measure('writesPerS', rounded(Math.max(...measurements.map((one) => one.writesPerS))))
  for (const { generator, clients, writesPerS, latency } of measurements) {
    const prefix = several ? `${generator}Clients${clients}` : `clients${clients}`
    drill.measure(`${prefix}WritesPerS`, rounded(writesPerS))
    drill.measure(`${prefix}P99Ms`, latency.p99Ms)
  }
}

/** On a healthy cluster a load that was cut short, or hardly answered, tells nothing. */
function doubtUnlessWhole(
  drill: Drill,
  { endedBy, errors, inWindow, clients }: bench.Measured,
): void {
  if (endedBy !== 'errors' && inWindow >= leastWrites) return
  drill.doubt(
    `${clients} clients were answered too seldom to tell: ${inWindow} times, with the errors ${JSON.stringify(errors)}`,
  )
}

/**
 * A rate seen while others use the machine is a lower bound: it can meet a floor, not miss it. Then
 * the measure is taken back, and the floor is not judged.
 */
export function expectFloor(
  drill: Pick<Drill, 'measure' | 'doubt'>,
  measurements: readonly ThroughputMeasurement[],
  floorWritesPerS: number,
): void {
  const best = measurements.toSorted((one, other) => other.writesPerS - one.writesPerS)[0]
  const others = mostOthers(best?.rounds ?? [])
  if (best === undefined || best.writesPerS >= floorWritesPerS || !bench.isContested(others)) return
  drill.measure('writesPerS', null)
  const rate = `${Math.round(best.writesPerS)} writes/s`
  drill.doubt(`${rate} are a lower bound: others used ${others.toFixed(1)} cores of the machine`)
}

const rounded = (value: number) => Math.round(value * 10) / 10
