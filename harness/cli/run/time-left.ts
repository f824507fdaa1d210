import { median } from '../../core/median.ts'
import { formatLength } from '../../core/text/format-length.ts'

/** How far a run has come. */
export interface TimeLeft {
  begin(id: string): void
  end(id: string): void
  /** Such as `3 of 12, about 4 min left`; undefined for what is no planned scenario. */
  placeOf(id: string): string | undefined
  /** The scenario under way, and its place. */
  current(): string | undefined
}

/**
 * Of scenarios with their expected lengths, in the order in which they run. What those that ended
 * took corrects what the others are expected to take: by the median, as one that took ten times as
 * long says nothing of the rest.
 */
export function trackTimeLeft(
  expectedMs: ReadonlyMap<string, number>,
  nowMs: () => number = () => performance.now(),
): TimeLeft {
  const begun = new Map<string, number>()
  const ended = new Set<string>()
  const paces: number[] = []
  const underWay = () => [...begun.keys()].filter((id) => !ended.has(id))
  const leftMs = () => {
    const pace = paces.length === 0 ? 1 : median(paces)
    const left = [...expectedMs].filter(([id]) => !ended.has(id))
    return left.reduce((sum, [id, ms]) => {
      const passedMs = nowMs() - (begun.get(id) ?? nowMs())
      return sum + Math.max(0, ms * pace - passedMs)
    }, 0)
  }
  const placeOf = (id: string) => {
    if (!expectedMs.has(id)) return undefined
    const number = ended.size + (ended.has(id) ? 0 : 1)
    return `${number} of ${expectedMs.size}, about ${formatLength(leftMs())} left`
  }
  return {
    begin: (id) => {
      if (expectedMs.has(id)) begun.set(id, nowMs())
    },
    end: (id) => {
      const startedMs = begun.get(id)
      if (startedMs === undefined || ended.has(id)) return
      ended.add(id)
      paces.push((nowMs() - startedMs) / (expectedMs.get(id) ?? 1))
    },
    placeOf,
    current: () => {
      const [id] = underWay()
      return id === undefined ? undefined : `${id} (${placeOf(id)})`
    },
  }
}
