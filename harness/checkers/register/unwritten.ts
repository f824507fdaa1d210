import { formatValue, shorten } from '../verdict/format.ts'
import type { RegisterViolation } from './counterexample.ts'
import type { Partition, StateId, Task } from './models/task.ts'

/**
 * An answer that shows a value which is not the initial one and which no operation had been invoked
 * to write by then. It needs no search, which in a hard history might not end.
 */
export function findUnwritten(partitions: readonly Partition[]): RegisterViolation | undefined {
  for (const { key, tasks, space } of partitions) {
    const invokedAt = firstInvocations(tasks)
    if (invokedAt === undefined) continue
    const culprit = tasks.find(({ sight, effect, returns }) => {
      const wanted = sight !== undefined && 'want' in sight ? sight.want : fromOf(effect)
      if (wanted === undefined || returns === Number.POSITIVE_INFINITY) return false
      return wanted !== space.initial && (invokedAt.get(wanted) ?? returns) >= returns
    })
    if (culprit !== undefined) return violationOf(key, culprit)
  }
  return undefined
}

/** When a write of each value was first invoked; undefined where appends make the values. */
function firstInvocations(tasks: readonly Task[]): Map<StateId, number> | undefined {
  const first = new Map<StateId, number>()
  for (const { effect, called } of tasks) {
    if (effect?.kind === 'append') return undefined
    if (effect !== undefined && !(called >= (first.get(effect.to) ?? Infinity))) {
      first.set(effect.to, called)
    }
  }
  return first
}

function fromOf(effect: Task['effect']): StateId | undefined {
  return effect?.kind === 'cas' ? effect.from : undefined
}

function violationOf(key: string | undefined, { operation }: Task): RegisterViolation {
  const { f, process, invokeIndex, completion, invoke } = operation
  const value = f === 'cas' ? (invoke.value as unknown[])[0] : completion?.value
  const seen = formatValue(value)
  const where = key === undefined ? 'the register' : `key ${shorten(JSON.stringify(key))}`
  const found = f === 'cas' ? `cas from ${seen}` : `${f} of ${seen}`
  return {
    reason: `${where}: ${found} by process ${process}, a value that no operation had been invoked to write`,
    evidence: {
      ...(key === undefined ? {} : { partition: key }),
      culprit: invokeIndex,
      prefix: [],
      prefixOmitted: 0,
      involved: [invokeIndex],
      expected: 'the initial value, or one that a write or cas had been invoked with',
      found,
    },
  }
}
