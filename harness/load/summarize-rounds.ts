import { isNoisy, machineCores } from './machine.ts'
import type { MeasuredRound } from './measure-load.ts'
import { mergeRounds } from './merge.ts'
import { warningsOf } from './warnings.ts'

/**
 * All rounds of one load as one measurement of the throughput record, with the warnings about its
 * figures. There has to be a round.
 */
export function summarizeRounds(generator: string, rounds: readonly MeasuredRound[]) {
  const [first, ...rest] = rounds.map(({ measured }) => measured)
  if (first === undefined) throw new RangeError('Expected a round, got none')
  const merged = mergeRounds([first, ...rest])
  const { operation, ratePerS, members, clients, windowMs, writesPerS, latency, histogram } = merged
  const { overTime, sent, acknowledged, refused, notStarted, errors } = merged
  const { cpuCores, busy, memoryBytes } = merged
  return {
    generator,
    operation,
    ...(ratePerS !== undefined && { ratePerS }),
    members: [...members],
    clients,
    windowMs,
    writesPerS,
    latency,
    histogram,
    overTime: { ...overTime, histograms: [...overTime.histograms] },
    sent,
    acknowledged,
    refused,
    notStarted,
    errors,
    cpuCores,
    busy,
    memoryBytes,
    rounds: rounds.map(recordOfRound),
    warnings: [...warningsOf(merged), ...warningsOfMachine(rounds)],
  }
}

function recordOfRound({ measured, proof, cost }: MeasuredRound) {
  const { writesPerS, eachSecond } = measured
  return { writesPerS, eachSecond: [...eachSecond], proof, ...cost, costs: [...cost.costs] }
}

function warningsOfMachine(rounds: readonly MeasuredRound[]): string[] {
  const others = Math.max(...rounds.map(({ cost }) => cost.otherProcessCores))
  if (!isNoisy(others)) return []
  return [
    `other processes used up to ${others.toFixed(1)} of this machine's ${machineCores()} cores: on an idle machine the cluster takes more`,
  ]
}
