import type { Trail } from './config.ts'
import type { Task } from './models/task.ts'

/**
 * The order that a trail stands for. `early` tasks go just before the last write placed before
 * them, after the early ones that are there already.
 */
export function orderOf(trail: Trail | undefined): Task[] {
  const reversed: Trail[] = []
  for (let step = trail; step !== undefined; step = step.before) reversed.push(step)
  const order: Task[] = []
  let lastWrite = -1
  for (const { task, isEarly } of reversed.reverse()) {
    if (isEarly) {
      order.splice(lastWrite, 0, task)
      lastWrite++
      continue
    }
    if (task.effect?.kind === 'write') lastWrite = order.length
    order.push(task)
  }
  return order
}
