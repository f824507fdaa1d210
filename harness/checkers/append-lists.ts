import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { type ObservedValue, observedValues } from './keys/observed-values.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'append-lists'
const codes = ['list-not-extended'] as const
const prefix = 'list/'

/**
 * Proves: of each list (a key under `list/`, elements separated by spaces), every answer is a prefix
 * of those of later mod revisions; so no later answer lacks an acknowledged append.
 * Does not prove: that answers are up to date, or what no request reads afterwards: that is
 * linearizability and durability, which imply this too. This states it in terms of lists.
 */
export const appendListsChecker: Checker = {
  name,
  codes,
  check: ({ history }) => checkLists(history),
}

interface ListState extends ObservedValue {
  readonly index: number
}

function checkLists(history: History): Verdict {
  const states = observedValues(history, prefix).flatMap(({ operation, values }) =>
    values.map((cell): ListState => ({ ...cell, index: operation.invokeIndex })),
  )
  for (const list of Map.groupBy(states, ({ key }) => key).values()) {
    const ascending = list.toSorted((one, other) => one.mod - other.mod)
    for (const [at, later] of ascending.entries()) {
      const earlier = ascending[at - 1]
      if (earlier !== undefined && !isExtended(earlier, later)) {
        return violationVerdict(earlier, later)
      }
    }
  }
  const appends = states.filter(({ isWrite }) => isWrite).length
  if (appends > 0) return { checker: name, verdict: 'valid', operations: states.length }
  return { checker: name, verdict: 'unknown', reason: 'nothing was appended' }
}

function isExtended(earlier: ListState, later: ListState): boolean {
  if (later.mod === earlier.mod) return later.value === earlier.value
  return later.value.startsWith(`${earlier.value} `)
}

function violationVerdict(earlier: ListState, later: ListState): Verdict {
  const found = `${later.key} was [${later.value}] at revision ${later.mod}`
  const expected = `it to begin with [${earlier.value}] of revision ${earlier.mod}`
  const involved = [earlier.index, later.index]
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'list-not-extended',
    reason: `${found}, expected ${expected}`,
    evidence: { partition: later.key, culprit: later.index, involved, expected, found },
  })
}
