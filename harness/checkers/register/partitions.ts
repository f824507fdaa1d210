import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import type { RegisterModel } from './models/model.ts'
import type { Partition } from './models/task.ts'

/**
 * One register a key, the smallest first: a history is linearizable when each of its registers
 * is (Herlihy and Wing's locality). Operations without a key are on a register of their own.
 */
export function partitionsOf(
  history: History,
  model: RegisterModel,
): { partitions: Partition[]; count: number } {
  const joined = operations(history)
  const byKey = new Map<string | undefined, Operation[]>()
  for (const operation of joined) {
    const { key } = operation.invoke
    const before = byKey.get(key)
    if (before === undefined) byKey.set(key, [operation])
    else before.push(operation)
  }
  const { initial } = history.header
  const partitions = [...byKey].map(([key, same]) => model.compile(key, same, initial))
  partitions.sort((one, other) => one.tasks.length - other.tasks.length)
  return { partitions, count: joined.length }
}
