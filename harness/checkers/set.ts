import { InputError } from '../core/errors.ts'
import { operations } from '../history/join.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { additionsOf, readOf } from './set/additions.ts'
import {
  findOrderViolation,
  findReadViolation,
  type SetViolation,
  setCodes,
} from './set/violations.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'

const name = 'set'

/**
 * Proves, for the model `set`: for every key there is one order of the adds and reads, unknown adds in
 * it or not, that respects real time and in which every read shows exactly what was added before.
 * Sound and complete, in time linear in what the reads show: a set that only grows has such an order
 * when each read is possible on its own, all reads are one chain of subsets, and later reads have
 * all of earlier ones. Does not prove: that an add which no later read could show was kept.
 * Throws an InputError for an initial value that is no array.
 */
export function checkSet(history: History): Verdict {
  const { initial = null } = history.header
  if (initial !== null && !Array.isArray(initial)) {
    const found = JSON.stringify(initial)
    throw new InputError(`Expected \`initial\` of a set history to be an array, got ${found}`)
  }
  const joined = operations(history)
  const byKey = Map.groupBy(joined, ({ invoke }) => invoke.key)
  let reads = 0
  for (const [key, same] of byKey) {
    const judged = judgeKey(same, initial ?? [])
    reads += judged.reads
    if (judged.violation !== undefined) {
      const counts = { operations: joined.length, factsJudged: reads }
      return violationVerdict(judged.violation, key, counts)
    }
  }
  const counts = { operations: joined.length, factsJudged: reads }
  return requireFacts({ checker: name, verdict: 'valid', ...counts }, 'no read was answered')
}

/** `checkSet` as one of a scenario's checkers. */
export const setChecker: Checker = {
  name,
  codes: setCodes,
  check: ({ history }) => checkSet(history),
}

function judgeKey(
  operations: readonly Operation[],
  initial: readonly unknown[],
): { readonly violation?: SetViolation; readonly reads: number } {
  const additions = additionsOf(
    operations.filter(({ f }) => f === 'add'),
    initial,
  )
  const byDone = [...additions].sort(([, one], [, other]) => one.doneIndex - other.doneIndex)
  const reads = operations
    .filter(({ f }) => f === 'read')
    .flatMap((operation) => readOf(operation, additions) ?? [])
  for (const read of reads) {
    const violation = findReadViolation(read, additions, byDone)
    if (violation !== undefined) return { violation, reads: reads.length }
  }
  const violation = findOrderViolation(reads)
  return { reads: reads.length, ...(violation !== undefined && { violation }) }
}

function violationVerdict(
  { code, reason, culprit, involved }: SetViolation,
  partition: string | undefined,
  counts: Pick<Verdict, 'operations' | 'factsJudged'>,
): Verdict {
  const evidence = {
    ...(partition !== undefined && { partition }),
    culprit: culprit.invokeIndex,
    involved,
  }
  return invalidVerdict(name, { code, reason, evidence, ...counts })
}
