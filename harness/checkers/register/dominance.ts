import { type Config, countBits } from './config.ts'
import type { Open } from './open.ts'
import type { SlottedTask } from './steps.ts'

/** More than so many operations are not looked at for a substitute. */
const mostSubstituted = 4

/**
 * Whatever can still follow `worse` can follow `better`: the same state, nothing owed that is not
 * owed in `worse` too, and at least as much may have gone before the last write. For what only
 * `better` has placed, others that only `worse` has placed must be able to stand in; they must be
 * of unknown outcome, for those may stay open until the end.
 */
export function dominates(better: Config, worse: Config, open: Open): boolean {
  if (better.state !== worse.state || better.writtenAt < worse.writtenAt) return false
  if (better.hasWritten && !worse.hasWritten) return false
  const { bits } = better
  const { bits: others } = worse
  const words = bits.length >>> 1
  for (let word = 0; word < words; word++) {
    if (((bits[word] as number) & ~(others[word] as number)) !== 0) return false
  }
  let more = 0
  let fewer = 0
  for (let word = words; word < bits.length; word++) {
    const unsure = open.unsure[word - words] as number
    more += countBits((bits[word] as number) & ~(others[word] as number))
    fewer += countBits((others[word] as number) & ~(bits[word] as number) & unsure)
  }
  if (more === 0) return true
  if (more > mostSubstituted || more > fewer || open.counts.cas === 0) return false
  return hasSubstitutes(better, worse, open)
}

/**
 * A spare write of the same value stands in for a cas or a write of it, and so does a spare write
 * or cas with spare cas that lead from there. They must have been open at the last write, for what
 * they stand in for may be needed before it.
 */
function hasSubstitutes(better: Config, worse: Config, open: Open): boolean {
  const spare = onlyIn(worse, better, open).filter(
    ({ called, returns }) => returns === Number.POSITIVE_INFINITY && called < better.writtenAt,
  )
  return onlyIn(better, worse, open).every((task) => takeSubstitute(task, spare))
}

/** What only `one` of two has placed. */
function onlyIn(one: Config, other: Config, open: Open): SlottedTask[] {
  const tasks: SlottedTask[] = []
  const words = one.bits.length >>> 1
  for (let word = words; word < one.bits.length; word++) {
    let rest = (one.bits[word] as number) & ~(other.bits[word] as number)
    while (rest !== 0) {
      const bit = 31 - Math.clz32(rest)
      rest &= ~(1 << bit)
      tasks.push(open.bySlot[(word - words) * 32 + bit] as SlottedTask)
    }
  }
  return tasks
}

/** Takes from `spare` what leads where the task does; breadth first, so the fewest. */
function takeSubstitute({ effect }: SlottedTask, spare: SlottedTask[]): boolean {
  if (effect === undefined || effect.kind === 'append') return false
  const ways: { readonly state: number; readonly path: readonly SlottedTask[] }[] = []
  const seen = new Set<number>()
  const go = (path: readonly SlottedTask[], task: SlottedTask): boolean => {
    const end = task.effect
    if (end === undefined || end.kind === 'append' || seen.has(end.to)) return false
    seen.add(end.to)
    const longer = [...path, task]
    ways.push({ state: end.to, path: longer })
    if (end.to !== effect.to) return false
    for (const used of longer) spare.splice(spare.indexOf(used), 1)
    return true
  }
  for (const task of [...spare]) {
    const start = task.effect
    const isStart =
      start?.kind === 'write' ||
      (start?.kind === 'cas' && effect.kind === 'cas' && start.from === effect.from)
    if (isStart && go([], task)) return true
  }
  for (let index = 0; index < ways.length; index++) {
    const { state, path } = ways[index] as (typeof ways)[number]
    for (const task of [...spare]) {
      if (task.effect?.kind !== 'cas' || task.effect.from !== state) continue
      if (go(path, task)) return true
    }
  }
  return false
}
