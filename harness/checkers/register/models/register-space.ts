import { type Space, type StateId, type Task, unseen } from './task.ts'

/**
 * Until when answers tell each value of a register from the others, and which unknown operations
 * are worth keeping: one whose effect no answer observes need never happen.
 */
export function observeRegister(
  tasks: readonly Task[],
  initial: StateId,
): { tasks: Task[]; space: Space } {
  const refusals = lastRefusals(tasks)
  const observed = lastObservations(tasks, refusals)
  const kept = tasks.flatMap((task) => {
    if (task.returns !== Number.POSITIVE_INFINITY || task.effect?.kind === undefined) return [task]
    if (task.effect.kind === 'append') return [task]
    const uselessFrom = usefulUntil(task.effect.to, observed, refusals)
    return uselessFrom > task.called ? [{ ...task, uselessFrom }] : []
  })
  const seenUntil = (state: StateId) =>
    state === unseen ? -1 : Math.max(observed.get(state) ?? -1, refusals.last.get(state) ?? -1)
  return { tasks: kept, space: { initial, seenUntil, append: () => unseen, canBecome: () => true } }
}

interface Refusals {
  /** The last event index at which "it is not this value" was still to be placed. */
  readonly last: ReadonlyMap<StateId, number>
  /** The two latest such values: any other value helps both. */
  readonly latest: readonly (readonly [StateId, number])[]
}

function lastRefusals(tasks: readonly Task[]): Refusals {
  const last = new Map<StateId, number>()
  for (const { sight, returns } of tasks) {
    if (sight !== undefined && 'not' in sight) raise(last, sight.not, returns)
  }
  const latest = [...last].sort(([, one], [, other]) => other - one).slice(0, 2)
  return { last, latest }
}

/** Reads of a value, and every cas from it that itself matters, until nothing changes any more. */
function lastObservations(tasks: readonly Task[], refusals: Refusals): Map<StateId, number> {
  const observed = new Map<StateId, number>()
  const maybe: Task[] = []
  for (const task of tasks) {
    const { sight, effect, returns } = task
    if (sight !== undefined && 'want' in sight) raise(observed, sight.want, returns)
    if (effect?.kind !== 'cas') continue
    if (returns === Number.POSITIVE_INFINITY) maybe.push(task)
    else raise(observed, effect.from, returns)
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const { effect, called } of maybe) {
      if (effect?.kind !== 'cas') continue
      const until = usefulUntil(effect.to, observed, refusals)
      if (until > called && raise(observed, effect.from, until)) changed = true
    }
  }
  return observed
}

/** The last event index at which some answer accepts `state`. */
function usefulUntil(state: StateId, observed: Map<StateId, number>, refusals: Refusals): number {
  const [, other = -1] = refusals.latest.find(([value]) => value !== state) ?? []
  return Math.max(observed.get(state) ?? -1, other)
}

function raise(lasts: Map<StateId, number>, state: StateId, to: number): boolean {
  if (to <= (lasts.get(state) ?? -1)) return false
  lasts.set(state, to)
  return true
}
