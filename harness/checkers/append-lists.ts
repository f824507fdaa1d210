import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { type ObservedValue, observedValues } from './keys/observed-values.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'append-lists'
const codes = ['list-not-extended'] as const
const prefix = 'list/'

/**
 * Proves: of each list (a key under `list/`, elements parted by spaces), every answer is a prefix of
 * those of later mod revisions; so no acknowledged append is missing from what was shown after it.
 * Does not prove: that answers came in time, or what nobody read afterwards: that is linearizability
 * and durability, which imply this too. This says it in the words of a list.
 */
export const appendListsChecker: Checker = {
  name,
  codes,
  check: ({ history }) => checkLists(history),
}

interface Shown extends ObservedValue {
  readonly index: number
}

function checkLists(history: History): Verdict {
  const shown = observedValues(history, prefix).flatMap(({ operation, values }) =>
    values.map((cell): Shown => ({ ...cell, index: operation.invokeIndex })),
  )
  for (const ofList of Map.groupBy(shown, ({ key }) => key).values()) {
    const ascending = ofList.toSorted((one, other) => one.mod - other.mod)
    for (const [at, later] of ascending.entries()) {
      const earlier = ascending[at - 1]
      if (earlier !== undefined && !goesOn(earlier, later)) return violationVerdict(earlier, later)
    }
  }
  const appends = shown.filter(({ isWrite }) => isWrite).length
  if (appends > 0) return { checker: name, verdict: 'valid', operations: shown.length }
  return { checker: name, verdict: 'unknown', reason: 'nothing was appended' }
}

function goesOn(earlier: Shown, later: Shown): boolean {
  if (later.mod === earlier.mod) return later.value === earlier.value
  return later.value.startsWith(`${earlier.value} `)
}

function violationVerdict(earlier: Shown, later: Shown): Verdict {
  const found = `${later.key} was [${later.value}] at revision ${later.mod}`
  const expected = `it to go on from [${earlier.value}] of revision ${earlier.mod}`
  const involved = [earlier.index, later.index]
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'list-not-extended',
    reason: `${found}, expected ${expected}`,
    evidence: { partition: later.key, culprit: later.index, involved, expected, found },
  })
}
