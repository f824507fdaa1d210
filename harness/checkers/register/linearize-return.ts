import { type Config, copyOf, has, remove, weightOf } from './config.ts'
import { type ConfigSet, createConfigSet } from './config-set.ts'
import { hideBehind, placeEarly } from './early.ts'
import { unseen } from './models/task.ts'
import { expand, type Moment, type Reach } from './moves.ts'
import type { SearchLimits } from './search-limits.ts'

export interface CloseOutcome {
  /** What may hold after the return; at most `width` of them. */
  readonly configs: Config[]
  /** All of them, when `configs` is not. */
  readonly left?: readonly Config[]
  /** Not every way could be tried: even `left` may lack some. */
  readonly isCut: boolean
  readonly isLate: boolean
}

/** For each configuration that is kept, so many on the way there are tried. */
const triedPerKept = 8

/**
 * Everything that may hold once an operation has returned. Operations are placed as late as
 * possible: only what goes before the returning one in some order is placed now. The given
 * configurations are left as they are.
 */
export function linearizeReturn(
  moment: Moment,
  before: readonly Config[],
  limits: SearchLimits,
): CloseOutcome {
  const owing = before.filter((config) => !isSettled(moment, config))
  if (moment.goal.effect === undefined && owing.length === 0) {
    return { configs: [...before], isCut: false, isLate: false }
  }
  const results = createConfigSet(moment.open)
  for (const config of before) {
    const settle = settleWithoutPlacing(moment, config)
    if (settle !== undefined) results.add(settle)
  }
  const end = search(moment, owing, results, limits)
  const configs = results.all()
  const flags = { isCut: end === 'cut', isLate: end === 'late' }
  if (configs.length <= limits.width) return { configs, ...flags }
  return { configs: mostPromising(configs, limits.width), left: configs, ...flags }
}

/** Placed, or a sight that is no longer owed. */
function isSettled({ goal, words }: Moment, { bits }: Config): boolean {
  return goal.effect === undefined ? !has(bits, goal.slot) : has(bits, words * 32 + goal.slot)
}

/** As it stands after the return when nothing more is placed; undefined when the goal is owed. */
function settleWithoutPlacing(moment: Moment, config: Config): Config | undefined {
  const { goal, words } = moment
  if (has(config.bits, goal.slot)) return undefined
  if (goal.effect === undefined) return config
  const bit = words * 32 + goal.slot
  if (!has(config.bits, bit)) return hideGoal(moment, config)
  const settle = copyOf(config)
  remove(settle.bits, bit)
  return settle
}

/** It was open at the last write, and nothing was made of it: it went just before, unseen but by
 * reads of what it wrote. */
function hideGoal({ open, goal }: Moment, config: Config): Config {
  const state = goal.effect?.kind === 'write' ? goal.effect.to : unseen
  return hideBehind(open, config, { task: goal, state })
}

/** Breadth first, so that what spends least is there before what it makes superfluous. */
function search(
  moment: Moment,
  sources: readonly Config[],
  results: ConfigSet,
  { width, isLate }: SearchLimits,
): 'done' | 'cut' | 'late' {
  const tried = createConfigSet(moment.open)
  const queue: Config[] = []
  const most = sources.length + triedPerKept * width
  let isCut = false
  const reach: Reach = (config, isThere) => {
    if ((isThere ? results : tried).size() >= most) isCut = true
    else if (isThere) results.add({ ...config, hasWritten: false })
    else if (tried.add(config)) queue.push(config)
  }
  for (const config of sources) reach({ ...config, isDominated: false }, false)
  const tries = { left: most }
  for (const config of sources) {
    if (!placeEarly(moment, config, (next) => reach(next, true), tries)) isCut = true
  }
  for (let next = 0; next < queue.length; next++) {
    if (next % 256 === 255 && isLate()) return 'late'
    const config = queue[next] as Config
    if (!config.isDominated) expand(moment, config, reach)
  }
  return isCut ? 'cut' : 'done'
}

function mostPromising(configs: readonly Config[], width: number): Config[] {
  const weighed = configs.map((config) => ({ config, weight: weightOf(config) }))
  weighed.sort((one, other) => one.weight - other.weight)
  return weighed.slice(0, width).map(({ config }) => config)
}
