import { otherShard } from '../../run-record/merge/merge-runs.ts'
import type { PlannedScenario } from '../../scenario/plan.ts'
import type { OptionValue } from '../options/value.ts'

/** A part of a run, from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

export const shardOption: OptionValue<Shard> = {
  expected: 'a part such as 2/5',
  parse: (text) => {
    const [, index = 0, count = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number)
    return index >= 1 && index <= count ? { index, count } : undefined
  },
  format: ({ index, count }) => `${index}/${count}`,
}

/**
 * The plan with the scenarios of the other parts left out. Each scenario is in one part, and parts
 * take about as long as one another: the longest scenario goes first, to the part with the least.
 */
export function planShard(
  planned: readonly PlannedScenario[],
  lengthMs: (id: string) => number,
  { index, count }: Shard,
): PlannedScenario[] {
  const part = new Map<string, number>()
  const sums = Array.from({ length: count }, () => 0)
  const running = planned.filter(({ skip }) => skip === undefined)
  for (const { id } of running.toSorted((one, other) => lengthMs(other.id) - lengthMs(one.id))) {
    const least = sums.indexOf(Math.min(...sums))
    sums[least] = (sums[least] ?? 0) + lengthMs(id)
    part.set(id, least + 1)
  }
  return planned.map((one) => {
    const own = part.get(one.id)
    return own === undefined || own === index
      ? one
      : { ...one, skip: `${otherShard} (${own}/${count})` }
  })
}

/** Every so manieth file. */
export function filesOfShard(files: readonly string[], { index, count }: Shard): string[] {
  return files.filter((_, at) => at % count === index - 1)
}
