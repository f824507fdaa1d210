import type { MeasuredLoad } from './generator.ts'
import { encodeHistogram, latencyOf, mergeHistograms } from './latency.ts'

/** Several rounds of the same load, one after another. */
export interface Merged extends MeasuredLoad {
  /** The rate of each round, in order: the more they differ, the less the figure can be trusted. */
  readonly roundsWritesPerS: readonly number[]
}

/**
 * Merges rounds that ran one after another: adds writes, time and histograms, and weights shares of
 * a processor by time.
 */
export function mergeRounds(rounds: readonly [MeasuredLoad, ...MeasuredLoad[]]): Merged {
  const [first] = rounds
  const sum = (of: (round: MeasuredLoad) => number) =>
    rounds.reduce((total, round) => total + of(round), 0)
  const windowMs = sum((round) => round.windowMs)
  const weighted = (of: (round: MeasuredLoad) => number) =>
    windowMs === 0 ? 0 : sum((round) => of(round) * round.windowMs) / windowMs
  const inWindow = sum((round) => round.inWindow)
  const histogram = mergeHistograms(rounds.map((round) => round.histogram))
  return {
    ...first,
    sent: sum(({ sent }) => sent),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    refused: sum(({ refused }) => refused),
    notStarted: sum(({ notStarted }) => notStarted),
    revisions: {
      atLeast: sum(({ revisions }) => revisions.atLeast),
      atMost: sum(({ revisions }) => revisions.atMost),
    },
    errors: addErrors(rounds),
    windowMs,
    inWindow,
    writesPerS: windowMs === 0 ? 0 : inWindow / (windowMs / 1_000),
    eachSecond: rounds.flatMap(({ eachSecond }) => eachSecond),
    latency: latencyOf(histogram),
    histogram: encodeHistogram(histogram),
    overTime: {
      everyMs: first.overTime.everyMs,
      histograms: rounds.flatMap(({ overTime }) => overTime.histograms),
    },
    cpuCores: weighted(({ cpuCores }) => cpuCores),
    busy: weighted(({ busy }) => busy),
    longestGapMs: Math.max(...rounds.map(({ longestGapMs }) => longestGapMs)),
    memoryBytes: Math.max(...rounds.map(({ memoryBytes }) => memoryBytes)),
    endedBy: rounds.find(({ endedBy }) => endedBy !== 'time')?.endedBy ?? 'time',
    roundsWritesPerS: rounds.map(({ writesPerS }) => writesPerS),
  }
}

function addErrors(rounds: readonly MeasuredLoad[]): Record<string, number> {
  const errors: Record<string, number> = {}
  for (const round of rounds) {
    for (const [kind, count] of Object.entries(round.errors)) {
      errors[kind] = (errors[kind] ?? 0) + count
    }
  }
  return errors
}
