import { add, remove } from './config.ts'
import type { StateId, TaskEffect } from './models/task.ts'
import type { RegisterStep, SlottedTask } from './steps.ts'

/** The open operations with one effect; the one that returns first is placed first. */
export interface OpenEffect {
  readonly effect: TaskEffect
  readonly tasks: SlottedTask[]
}

/** The operations that are open at an event, by what they do or want. */
export interface Open {
  readonly bySlot: (SlottedTask | undefined)[]
  readonly effects: OpenEffect[]
  readonly byId: Map<number, OpenEffect>
  /** Reads that want a state, by that state. */
  readonly wants: Map<StateId, SlottedTask[]>
  /** Refused cas: any state but one. */
  readonly refusals: SlottedTask[]
  /** The slots of writes and appends: what a later write can hide. */
  readonly hidable: number[]
  /** The slots of operations of unknown outcome. */
  readonly unsure: number[]
  /** How many of each are open. */
  readonly counts: Record<TaskEffect['kind'], number>
}

export function createOpen(words: number): Open {
  return {
    bySlot: [],
    effects: [],
    byId: new Map(),
    wants: new Map(),
    refusals: [],
    hidable: new Array<number>(words).fill(0),
    unsure: new Array<number>(words).fill(0),
    counts: { write: 0, append: 0, cas: 0 },
  }
}

export function openTask(open: Open, task: SlottedTask): void {
  const { effect, sight } = task
  open.bySlot[task.slot] = task
  if (sight !== undefined) sightsLike(open, sight).push(task)
  if (effect === undefined) return
  open.counts[effect.kind]++
  if (effect.kind !== 'cas') add(open.hidable, task.slot)
  if (task.returns === Number.POSITIVE_INFINITY) add(open.unsure, task.slot)
  const before = open.byId.get(effect.id)
  if (before !== undefined) {
    insert(before.tasks, task)
    return
  }
  const fresh = { effect, tasks: [task] }
  open.byId.set(effect.id, fresh)
  open.effects.push(fresh)
}

export function closeTask(open: Open, task: SlottedTask): void {
  const { effect, sight } = task
  if (sight !== undefined) {
    const alike = sightsLike(open, sight)
    takeOut(alike, task)
    if ('want' in sight && alike.length === 0) open.wants.delete(sight.want)
  }
  if (effect === undefined) return
  open.counts[effect.kind]--
  remove(open.hidable, task.slot)
  remove(open.unsure, task.slot)
  const group = open.byId.get(effect.id)
  if (group === undefined) return
  takeOut(group.tasks, task)
  if (group.tasks.length > 0) return
  open.byId.delete(effect.id)
  takeOut(open.effects, group)
}

/** The operations open just before a step. */
export function openBefore(steps: readonly RegisterStep[], index: number, words: number): Open {
  const open = createOpen(words)
  for (const { kind, task } of steps.slice(0, index)) {
    if (kind === 'open') openTask(open, task)
    else closeTask(open, task)
  }
  return open
}

/** Something may go on from what a write leaves. */
export function hasFollowers({ counts }: Open): boolean {
  return counts.append + counts.cas > 0
}

/** The open sights that a state satisfies. */
export function sightsSatisfied(open: Open, state: StateId): readonly SlottedTask[] {
  const wanting = open.wants.get(state) ?? none
  if (open.refusals.length === 0) return wanting
  const refused = open.refusals.filter(({ sight }) => accepts(sight, state))
  return [...wanting, ...refused]
}

const none: readonly SlottedTask[] = []

export function accepts(sight: SlottedTask['sight'], state: StateId): boolean {
  if (sight === undefined) return false
  return 'want' in sight ? sight.want === state : sight.not !== state
}

function sightsLike(open: Open, sight: NonNullable<SlottedTask['sight']>): SlottedTask[] {
  if ('not' in sight) return open.refusals
  const before = open.wants.get(sight.want)
  if (before !== undefined) return before
  const fresh: SlottedTask[] = []
  open.wants.set(sight.want, fresh)
  return fresh
}

function insert(tasks: SlottedTask[], task: SlottedTask): void {
  let index = tasks.length
  while (index > 0 && (tasks[index - 1] as SlottedTask).returns > task.returns) index--
  tasks.splice(index, 0, task)
}

function takeOut<T>(items: T[], item: T): void {
  const index = items.indexOf(item)
  if (index >= 0) items.splice(index, 1)
}
