import {
  type Drill,
  load,
  type ThroughputMeasurement,
  type ThroughputRecord,
  type ThroughputRound,
  throughputFile,
} from '../../harness/index.ts'
import { type Combination, measureRound, type Round, written } from './measure-round.ts'

export interface Measuring {
  readonly combinations: readonly Combination[]
  /** The combinations in turn, so often: what drifts meanwhile meets all of them. */
  readonly rounds: number
  readonly windowMs: number
}

/** Fewer writes than this say nothing of a rate or a percentile. */
const leastWrites = 50

/** Measures, keeps everything as `throughput.json` as it goes, and the figures as measures. */
export async function measureThroughput(drill: Drill, measuring: Measuring): Promise<void> {
  const results = await measureRounds(drill, measuring)
  noteFigures(drill, measurementsOf(results))
  for (const { measured } of results.flatMap(({ rounds }) => rounds)) {
    doubtUnlessWhole(drill, measured)
  }
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
      await drill.attach(throughputFile, recordOf(results))
    }
  }
  return results
}

function recordOf(results: readonly Result[]): ThroughputRecord {
  const measurements = measurementsOf(results)
  return { format: 'gauntlet-throughput/1', keyBytes: load.keyBytes, ...written, measurements }
}

/** Of those that had their first round. */
function measurementsOf(results: readonly Result[]): ThroughputMeasurement[] {
  const begun = results.filter(({ rounds }) => rounds.length > 0)
  return begun.map(({ combination, rounds }) => mergedOf(combination, rounds))
}

function mergedOf({ generator, target }: Combination, rounds: Round[]): ThroughputMeasurement {
  const [first, ...rest] = rounds.map(({ measured }) => measured)
  const merged = load.mergeRounds([first as load.Measured, ...rest])
  const { members, clients, windowMs, writesPerS, latency, histogram } = merged
  const { sent, acknowledged, errors, cpuCores, busy } = merged
  return {
    generator: generator.name,
    target,
    ...{ members, clients, windowMs, writesPerS, latency, histogram },
    ...{ sent, acknowledged, errors, cpuCores, busy },
    rounds: rounds.map(({ record }) => record),
    warnings: [...load.warningsOf(merged), ...warningsOfRounds(rounds)],
  }
}

/** Besides what the generator's own figures say. */
function warningsOfRounds(rounds: readonly Round[]): string[] {
  const others = mostOthers(rounds.map(({ record }) => record))
  const contested = `other processes used up to ${others.toFixed(1)} of this machine's ${load.machineCores()} cores: alone the cluster takes more`
  return [
    ...(load.isNoisy(others) ? [contested] : []),
    ...(rounds.every(({ keptLeader }) => keptLeader) ? [] : ['the leader changed meanwhile']),
  ]
}

const mostOthers = (rounds: readonly ThroughputRound[]): number =>
  Math.max(0, ...rounds.map(({ otherProcessCores }) => otherProcessCores))

/**
 * The best of all is what a floor is for: it is the cluster's, not one generator's. Seen while
 * others use the machine it is a lower bound.
 */
export function noteFigures(
  drill: Pick<Drill, 'measure' | 'measureAtLeast'>,
  measurements: readonly ThroughputMeasurement[],
): void {
  const several = new Set(measurements.map(({ generator }) => generator)).size > 1
  const best = measurements.toSorted((one, other) => other.writesPerS - one.writesPerS)[0]
  const others = mostOthers(best?.rounds ?? [])
  const why = `others used ${others.toFixed(1)} of the machine's ${load.machineCores()} cores`
  const rate = rounded(best?.writesPerS ?? 0)
  if (load.isNoisy(others)) drill.measureAtLeast('writesPerS', rate, why)
  else drill.measure('writesPerS', rate)
  for (const { generator, clients, writesPerS, latency } of measurements) {
    const prefix = several ? `${generator}Clients${clients}` : `clients${clients}`
    drill.measure(`${prefix}WritesPerS`, rounded(writesPerS))
    drill.measure(`${prefix}P99Ms`, latency.p99Ms)
  }
}

/** On a healthy cluster a load that was cut short, or hardly answered, tells nothing. */
function doubtUnlessWhole(
  drill: Drill,
  { endedBy, errors, inWindow, clients }: load.Measured,
): void {
  if (endedBy !== 'errors' && inWindow >= leastWrites) return
  drill.markInconclusive(
    `${clients} clients were answered too seldom to tell: ${inWindow} times, with the errors ${JSON.stringify(errors)}`,
  )
}

const rounded = (value: number) => Math.round(value * 10) / 10
