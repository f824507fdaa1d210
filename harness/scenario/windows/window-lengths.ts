/** What one window leaves is judged within a fraction of its length, and in bounded memory. */
export const longestWindowMs = 120_000
/** Enough for every checker to have something to judge; judged within seconds. */
const shortestWindowMs = 15_000

/** Whether a run of this length is cut into windows. */
export const isLong = (durationMs: number): boolean => durationMs > longestWindowMs

/** Below this a window has no time for a fault: it would only start and end. */
const leastMs = 5_000

/**
 * How long the next window is to last when so much is left, 0 = the run is over. Towards the end each
 * takes half of the rest, so that the verdict on the last one comes soon after the end.
 */
export function nextWindowMs(leftMs: number): number {
  if (leftMs < shortestWindowMs / 2) return 0
  if (leftMs < 2 * shortestWindowMs) return leftMs
  return Math.min(longestWindowMs, leftMs / 2)
}

/**
 * Gives the time for the steps of each window, without what the last one took besides: to begin, to
 * let the clients finish, and to read the final state. Then a run ends when it is to end.
 */
export function trackWindows(
  untilMs: number,
  now: () => number = () => performance.now(),
): { next(): number } {
  let begun: { readonly atMs: number; readonly lengthMs: number } | undefined
  return {
    next: () => {
      const besidesMs = begun === undefined ? 0 : now() - begun.atMs - begun.lengthMs
      const planned = nextWindowMs(untilMs - now())
      const lengthMs = planned === 0 ? 0 : Math.max(leastMs, planned - besidesMs)
      begun = { atMs: now(), lengthMs }
      return lengthMs
    },
  }
}
