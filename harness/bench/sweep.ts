import type { MeasuredLoad } from '../load/index.ts'

/** Shares of the closed loop's rate at which a sweep measures an open loop. */
export const sweepShares = [0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const

/** A rate is kept up with when this share of it is answered in the window. */
const leastServed = 0.95
/** And when its slowest percent is at most this many times that of the lowest rate. */
const mostSlower = 10

type Swept = Pick<MeasuredLoad, 'ratePerS' | 'writesPerS' | 'latency'> & {
  readonly notStarted?: number
}

/**
 * The knee: the highest rate of a sweep before the first one that the cluster does not keep up with.
 * Null when it keeps up with none. The points are in the order of their rates.
 */
export function kneeOf(points: readonly Swept[]): number | null {
  const base = points[0]?.latency.p99Ms ?? null
  const end = points.findIndex((point) => !keepsUp(point, base))
  const kept = end < 0 ? points : points.slice(0, end)
  return kept.at(-1)?.ratePerS ?? null
}

function keepsUp(
  { ratePerS = 0, writesPerS, notStarted = 0, latency }: Swept,
  base: number | null,
) {
  const isServed = notStarted === 0 && writesPerS >= leastServed * ratePerS
  const isQuick = latency.p99Ms !== null && base !== null && latency.p99Ms <= mostSlower * base
  return isServed && isQuick
}
