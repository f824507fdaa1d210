import { add, type Config, has, remove, withPlaced } from './config.ts'
import { type Space, type StateId, type TaskEffect, unseen } from './models/task.ts'
import { accepts, type Open, type OpenEffect, sightsSatisfied } from './open.ts'
import type { SlottedTask } from './steps.ts'

/** A return that is being judged: `goal` must have been placed by now. */
export interface Moment {
  readonly goal: SlottedTask
  readonly at: number
  readonly open: Open
  readonly space: Space
  readonly words: number
}

export interface Placement {
  readonly task: SlottedTask
  readonly effect: TaskEffect
  readonly state: StateId
}

/** Takes a configuration, and whether the goal has been placed in it. */
export type Reach = (next: Config, isThere: boolean) => void

/**
 * Every configuration that one more operation, placed now, gives, as far as it can help the goal.
 * Left out is what something else covers, so that nothing is lost:
 * - a second write since the last event: all from the first one on may also go before the second,
 *   and that can be settled when the first of them returns (see early.ts);
 * - a write that does not answer the goal and that no open cas or append can go on from;
 * - an append, unless the goal is one, to a text that no open read wants or could still see;
 * - a cas to a state that no later answer shows, unless it is owed or a refused cas waits for it.
 */
export function expand(moment: Moment, config: Config, reach: Reach): void {
  for (const group of moment.open.effects) {
    const { effect } = group
    if (effect.kind === 'write' && config.hasWritten) continue
    const state = stateAfter(moment, config.state, effect)
    if (state === undefined) continue
    for (const task of candidates(moment, config, group)) {
      const placement = { task, effect, state }
      if (task !== moment.goal && !isUseful(moment, config, placement)) continue
      const next = place(moment, config, placement)
      const isSeen = moment.goal.effect === undefined && !has(next.bits, moment.goal.slot)
      reach(next, isSeen || task === moment.goal)
    }
  }
}

/** Undefined when it cannot happen in this state. */
export function stateAfter(
  moment: Moment,
  state: StateId,
  effect: TaskEffect,
): StateId | undefined {
  if (effect.kind === 'cas' && effect.from !== state) return undefined
  const after = effect.kind === 'append' ? moment.space.append(state, effect) : effect.to
  return moment.space.seenUntil(after) < moment.at ? unseen : after
}

/**
 * Of operations with the same effect the one that returns first goes first. A cas or append that
 * was open at the last write could still go before it, a later one could not: one of each.
 */
export function candidates(moment: Moment, config: Config, group: OpenEffect): SlottedTask[] {
  const isFree = ({ slot }: SlottedTask) => !has(config.bits, moment.words * 32 + slot)
  const first = group.tasks.find(isFree)
  if (first === undefined || group.effect.kind === 'write')
    return first === undefined ? [] : [first]
  const isBefore = (task: SlottedTask) => task.called < config.writtenAt
  const other = group.tasks.find((task) => isFree(task) && isBefore(task) !== isBefore(first))
  return other === undefined ? [first] : [first, other]
}

function isUseful(moment: Moment, config: Config, { task, effect, state }: Placement): boolean {
  const { goal, open, space } = moment
  if (effect.kind === 'cas') {
    return state !== unseen || has(config.bits, task.slot) || open.refusals.length > 0
  }
  if (effect.kind === 'append') {
    if (state === unseen) return false
    if (goal.effect?.kind === 'append') return true
    return config.hasWritten ? canReach(moment, state) : isWanted(space, open, config, state)
  }
  return accepts(goal.sight, state) || (canReach(moment, state) && canFollow(moment, config, state))
}

function canReach({ goal, space }: Moment, state: StateId): boolean {
  const { sight } = goal
  return sight === undefined || !('want' in sight) || space.canBecome(state, sight.want)
}

/** Some open read that is still owed may be answered by this state or by one made from it. */
export function isWanted(space: Space, open: Open, config: Config, state: StateId): boolean {
  for (const [want, tasks] of open.wants) {
    if (space.canBecome(state, want) && tasks.some(({ slot }) => has(config.bits, slot)))
      return true
  }
  return false
}

function canFollow(moment: Moment, config: Config, state: StateId): boolean {
  return moment.open.effects.some((group) => {
    const { effect } = group
    if (effect.kind === 'write') return false
    if (effect.kind === 'cas' && effect.from !== state) return false
    if (effect.kind === 'append' && stateAfter(moment, state, effect) === unseen) return false
    return candidates(moment, config, group).length > 0
  })
}

function place(moment: Moment, config: Config, { task, effect, state }: Placement): Config {
  const { words, open, at } = moment
  const bits = config.bits.slice()
  remove(bits, task.slot)
  if (task !== moment.goal) add(bits, words * 32 + task.slot)
  const isWrite = effect.kind === 'write'
  if (isWrite) {
    for (let word = 0; word < words; word++) {
      bits[word] = (bits[word] as number) & ~(open.hidable[word] as number)
    }
  }
  const next: Config = {
    state,
    writtenAt: isWrite ? at : config.writtenAt,
    hasWritten: isWrite || config.hasWritten,
    bits,
    trail: withPlaced(config.trail, task),
    isDominated: false,
  }
  for (const sight of sightsSatisfied(open, state)) {
    if (!has(bits, sight.slot)) continue
    remove(bits, sight.slot)
    next.trail = withPlaced(next.trail, sight)
  }
  return next
}
