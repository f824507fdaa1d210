import { add, type Config, has, remove, withPlaced } from './config.ts'
import { createConfigSet } from './config-set.ts'
import { type StateId, unseen } from './models/task.ts'
import { candidates, isWanted, type Moment, type Placement, stateAfter } from './moves.ts'
import { hasFollowers, type Open, sightsSatisfied } from './open.ts'
import type { SlottedTask } from './steps.ts'

/**
 * What was open at the last write and has not been placed may have gone just before it: a write,
 * what goes on from there, and the reads that saw it, all hidden by the last write. Such a group is
 * settled when the first of its operations returns: here, the goal. Gives every configuration that
 * one group with the goal in it makes; false when `tries` did not suffice.
 */
export function placeEarly(
  moment: Moment,
  config: Config,
  reach: (next: Config) => void,
  tries: { left: number },
): boolean {
  if (config.writtenAt <= moment.goal.called) return true
  const tried = createConfigSet(moment.open)
  const queue: Config[] = []
  const goesOn = hasFollowers(moment.open)
  const take = (next: Config) => {
    if (!next.hasWritten) reach(settle(moment, next, config.state))
    if (goesOn && tried.add(next)) queue.push(next)
  }
  const none = { ...config, hasWritten: true }
  for (const placement of beginnings(moment, config)) take(placeInGroup(moment, none, placement))
  for (let index = 0; index < queue.length; index++) {
    if (tries.left-- <= 0) return false
    const group = queue[index] as Config
    if (group.isDominated) continue
    for (const next of continuations(moment, group)) take(placeInGroup(moment, group, next))
  }
  return true
}

/** A group has one write, its first. A goal that is a write is the group's. */
function* beginnings(moment: Moment, config: Config): Generator<Placement> {
  const { goal, open } = moment
  for (const { effect, tasks } of open.effects) {
    if (effect.kind !== 'write') continue
    const isGoals = goal.effect?.kind === 'write'
    if (isGoals && (goal.effect !== effect || !hasFollowers(open))) continue
    const task = isGoals ? goal : tasks.find((each) => couldBeEarly(moment, config, each))
    const state = stateAfter(moment, unseen, effect)
    if (task === undefined || state === undefined) continue
    if (mayMatter(moment, config, state)) yield { task, effect, state }
  }
}

function* continuations(moment: Moment, config: Config): Generator<Placement> {
  for (const group of moment.open.effects) {
    const { effect } = group
    if (effect.kind === 'write') continue
    const state = stateAfter(moment, config.state, effect)
    if (state === undefined) continue
    if (effect.kind === 'append' && !mayMatter(moment, config, state)) continue
    const task = candidates(moment, config, group).find((each) =>
      couldBeEarly(moment, config, each),
    )
    if (task !== undefined) yield { task, effect, state }
  }
}

/** A group in this state may still place something that is owed. */
function mayMatter({ open, space }: Moment, config: Config, state: StateId): boolean {
  return open.counts.cas > 0 || open.refusals.length > 0 || isWanted(space, open, config, state)
}

function couldBeEarly({ words }: Moment, config: Config, { called, slot }: SlottedTask): boolean {
  return called < config.writtenAt && !has(config.bits, words * 32 + slot)
}

/** While a group is made, `state` is its own, and `hasWritten` says that the goal is not in it. */
function placeInGroup(moment: Moment, config: Config, { task, state }: Placement): Config {
  const { goal, words, open } = moment
  const next = hideBehind(open, config, { task, state })
  add(next.bits, words * 32 + task.slot)
  const isSeen = goal.effect === undefined && !has(next.bits, goal.slot)
  const isIn = task === goal || isSeen || !config.hasWritten
  return { ...next, state, hasWritten: !isIn }
}

/** As it stands after the goal's return, its group hidden behind the last write. */
function settle({ goal, words }: Moment, group: Config, state: StateId): Config {
  const bits = group.bits.slice()
  remove(bits, words * 32 + goal.slot)
  return { ...group, state, bits, isDominated: false }
}

/** Places a task just before the last write, with all that was open then and could have seen it. */
export function hideBehind(
  open: Open,
  config: Config,
  { task, state }: { readonly task: SlottedTask; readonly state: StateId },
): Config {
  const bits = config.bits.slice()
  remove(bits, task.slot)
  let trail = withPlaced(config.trail, task, true)
  for (const sight of sightsSatisfied(open, state)) {
    if (sight.called >= config.writtenAt || !has(bits, sight.slot)) continue
    remove(bits, sight.slot)
    trail = withPlaced(trail, sight, true)
  }
  return { ...config, bits, trail }
}
