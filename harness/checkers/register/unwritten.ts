import type { Violation } from './counterexample.ts'
import type { Partition, StateId, Task } from './models/task.ts'

/**
 * An answer that shows a value which is not the initial one and which nobody had been asked to write
 * by then. No order has to be tried to refuse it, and in a hard history none could be.
 */
export function findUnwritten(partitions: readonly Partition[]): Violation | undefined {
  for (const { key, tasks, space } of partitions) {
    const askedFor = firstAsked(tasks)
    if (askedFor === undefined) continue
    const culprit = tasks.find(({ sight, effect, returns }) => {
      const wanted = sight !== undefined && 'want' in sight ? sight.want : fromOf(effect)
      if (wanted === undefined || returns === Number.POSITIVE_INFINITY) return false
      return wanted !== space.initial && (askedFor.get(wanted) ?? returns) >= returns
    })
    if (culprit !== undefined) return violationVerdict(key, culprit)
  }
  return undefined
}

/** When each value was first asked for; undefined where values are put together by appends. */
function firstAsked(tasks: readonly Task[]): Map<StateId, number> | undefined {
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

function violationVerdict(key: string | undefined, { operation }: Task) {
  const { f, process, invokeIndex, completion, invoke } = operation
  const value = f === 'cas' ? (invoke.value as unknown[])[0] : completion?.value
  const seen = JSON.stringify(value).slice(0, 60)
  const where = key === undefined ? 'the register' : `key ${JSON.stringify(key).slice(0, 60)}`
  const found = f === 'cas' ? `cas from ${seen}` : `${f} of ${seen}`
  return {
    reason: `${where}: ${found} by process ${process} (line ${invokeIndex + 2}), a value that nobody had written`,
    evidence: {
      ...(key === undefined ? {} : { partition: key }),
      culprit: invokeIndex,
      prefix: [],
      prefixOmitted: 0,
      involved: [invokeIndex],
      expected: 'the initial value, or one that a write or cas had been asked for',
      found,
    },
  }
}
