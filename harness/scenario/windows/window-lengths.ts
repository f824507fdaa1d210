/** Of minutes: what one window leaves is judged within a fraction of it and a bounded memory. */
export const longestWindowMs = 120_000
/** Enough for every checker to have something to judge; judged within seconds. */
const shortestWindowMs = 15_000

/** Whether a run of this length is cut into windows. */
export const isLong = (durationMs: number): boolean => durationMs > longestWindowMs

/**
 * How long the next window lasts when so much is left, 0 = the run is over. Towards the end each
 * takes half of the rest, so that the verdict on the last one comes soon after the end.
 */
export function nextWindowMs(leftMs: number): number {
  if (leftMs < shortestWindowMs / 2) return 0
  if (leftMs < 2 * shortestWindowMs) return leftMs
  return Math.min(longestWindowMs, leftMs / 2)
}
