/** Monotonic time since the run's start, in integer nanoseconds: the `timeNs` of a history. */
export interface Clock {
  nowNs(): number
}

/**
 * Starts a monotonic clock at zero. Integers stay exact for 104 days (2^53 ns). The wall clock is
 * never used in a history: it can step, and a step would reorder operations.
 */
export function startClock(): Clock {
  const startNs = process.hrtime.bigint()
  return { nowNs: () => Number(process.hrtime.bigint() - startNs) }
}

export const nsPerMs = 1_000_000
