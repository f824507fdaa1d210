import { InputError } from '../core/errors.ts'
import { median } from '../core/median.ts'
import type { ThroughputComparison, ThroughputRecord } from '../run-record/throughput-record.ts'
import type { PeerResult } from './peers/peer.ts'

/** One round of ours, and of a peer right after it. */
export interface PeerRound {
  readonly peer: string
  readonly clients: number
  readonly oursPerS: number
  readonly theirs: PeerResult
}

/** Ours beside each peer: the ratio of the medians. */
export function summarizePeers(rounds: readonly PeerRound[]): ThroughputComparison[] {
  const groups = Map.groupBy(rounds, ({ peer, clients }) => `${peer}, ${clients}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const oursPerS = group.map((round) => round.oursPerS)
    const theirsPerS = group.map(({ theirs }) => theirs.writesPerS)
    const cpu = group.flatMap(({ theirs }) => theirs.cpuMsPer10k ?? [])
    return {
      peer: first.peer,
      clients: first.clients,
      oursPerS,
      theirsPerS,
      ratio: median(oursPerS) / median(theirsPerS),
      theirCpuMsPer10k: cpu.length === 0 ? null : median(cpu),
    }
  })
}

/** How a comparison differs from the one of a saved record. */
export interface BaselineRatio {
  readonly peer: string
  readonly clients: number
  readonly ratio: number
  readonly baseline: number
  /** `ratio` by `baseline`: below 1, ours or the cluster became slower beside the peer. */
  readonly change: number
}

/**
 * Compares ratios with a saved record's. Rates of two days say little: disks and neighbours differ.
 * Throws an InputError for a record without any of these comparisons.
 */
export function compareRatios(
  record: ThroughputRecord,
  baseline: ThroughputRecord,
): BaselineRatio[] {
  const found = (record.comparisons ?? []).flatMap(({ peer, clients, ratio }) => {
    const before = baseline.comparisons?.find((one) => one.peer === peer && one.clients === clients)
    if (before === undefined) return []
    return { peer, clients, ratio, baseline: before.ratio, change: ratio / before.ratio }
  })
  if (found.length > 0) return found
  throw new InputError(
    'Expected the baseline to have a comparison with the same peer and clients, got none',
  )
}
