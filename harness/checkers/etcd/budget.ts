import { formatSeconds } from '../../core/format-seconds.ts'
import type { CheckLimits } from '../checker.ts'

/** What a search may still spend. */
export interface Budget {
  isSpent(): boolean
  /** Counts memory held by the search; the rest of the process is not its to measure. */
  hold(bytes: number): void
  /** Why it is spent. */
  readonly reason: string
}

/** A part of what was asked for; `ofMs` is the whole, for the reason. */
export type Share = CheckLimits & { readonly ofMs?: number }

const mebibyte = 2 ** 20
export const defaultTimeoutMs = 60_000
const defaultMemoryBytes = 2 * 2 ** 30

export function openBudget(limits: Share = {}): Budget {
  const { timeoutMs = defaultTimeoutMs, memoryBytes = defaultMemoryBytes } = limits
  const { ofMs = timeoutMs } = limits
  const endMs = performance.now() + timeoutMs
  let steps = 0
  let isLate = false
  let held = 0
  return {
    isSpent: () => {
      if ((++steps & 255) === 0) isLate = performance.now() > endMs
      return isLate || held > memoryBytes
    },
    hold: (bytes) => {
      held += bytes
    },
    get reason() {
      return isLate
        ? `gave up after ${formatSeconds(ofMs)} s, neither an order nor a contradiction found`
        : `gave up when ${Math.round(memoryBytes / mebibyte)} MiB were held, neither an order nor a contradiction found`
    },
  }
}
