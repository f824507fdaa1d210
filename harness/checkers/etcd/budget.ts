import { formatSeconds } from '../../core/text/format-seconds.ts'
import type { CheckLimits } from '../checker.ts'

/** What a search may still use. */
export interface Budget {
  isSpent(): boolean
  /** Counts memory that the search holds; the rest of the process is not counted. */
  hold(bytes: number): void
  /** Why the search gave up. */
  readonly reason: string
}

/** A part of a checker's limits; `ofMs` is the whole time, for the reason. */
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
        ? `gave up after ${formatSeconds(ofMs)} s, linearizability undecided`
        : `gave up at ${Math.round(memoryBytes / mebibyte)} MiB of memory, linearizability undecided`
    },
  }
}
