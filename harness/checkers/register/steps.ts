import type { Partition, Task } from './models/task.ts'

/** A task with its place in the bit sets. Slots are used again once an operation is over. */
export interface SlottedTask extends Task {
  readonly slot: number
}

/** `open`: invoked. `close`: returned. `drop`: of unknown outcome, and of no use any more. */
export interface RegisterStep {
  readonly kind: 'open' | 'close' | 'drop'
  readonly at: number
  readonly task: SlottedTask
}

export interface StepList {
  readonly steps: readonly RegisterStep[]
  /** 32-bit words for one set of slots. */
  readonly words: number
}

/** What happens to one register, in the order of the events. */
export function listSteps({ tasks }: Partition): StepList {
  const bare = tasks.flatMap((task) => stepsOf(task))
  bare.sort((one, other) => one.at - other.at || order[one.kind] - order[other.kind])
  const slots = new Map<Task, SlottedTask>()
  const free: number[] = []
  let used = 0
  const steps = bare.map(({ kind, at, task }): RegisterStep => {
    if (kind === 'open') {
      const slotted = { ...task, slot: free.pop() ?? used++ }
      slots.set(task, slotted)
      return { kind, at, task: slotted }
    }
    const slotted = slots.get(task) as SlottedTask
    free.push(slotted.slot)
    return { kind, at, task: slotted }
  })
  return { steps, words: Math.max(1, Math.ceil(used / 32)) }
}

/** What becomes useless with an event is still there while that event is judged. */
const order = { open: 0, close: 1, drop: 2 } as const

function stepsOf(task: Task): { kind: RegisterStep['kind']; at: number; task: Task }[] {
  const open = { kind: 'open', at: task.called, task } as const
  if (task.returns !== Number.POSITIVE_INFINITY) {
    return [open, { kind: 'close', at: task.returns, task }]
  }
  if (task.uselessFrom === undefined) return [open]
  return [open, { kind: 'drop', at: task.uselessFrom, task }]
}
