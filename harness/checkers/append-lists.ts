import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { findMissingKey } from './keys/missing-keys.ts'
import { type ObservedValue, observedValues } from './keys/observed-values.ts'
import { formatRequest } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'append-lists'
const codes = ['list-not-extended', 'list-missing'] as const
const prefix = 'list/'

/**
 * Proves: of each list (a key under `list/`, elements separated by spaces), every answer is a prefix
 * of those of later mod revisions, and no answer shows no list after one had shown it; so no later
 * answer lacks an acknowledged append.
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

interface ListViolation {
  readonly code: (typeof codes)[number]
  readonly partition: string
  /** Event indexes of the invocations: what was shown before, and what contradicts it. */
  readonly involved: readonly [number, number]
  readonly expected: string
  readonly found: string
}

function checkLists(history: History): Verdict {
  const states = observedValues(history, prefix).flatMap(({ operation, values }) =>
    values.map((cell): ListState => ({ ...cell, index: operation.invokeIndex })),
  )
  let factsJudged = 0
  let violation = findMissingList(history)
  for (const list of Map.groupBy(states, ({ key }) => key).values()) {
    factsJudged += list.length - 1
    violation ??= findUnextended(list.toSorted((one, other) => one.mod - other.mod))
  }
  if (violation !== undefined) return violationVerdict(violation, factsJudged)
  if (!states.some(({ isWrite }) => isWrite)) {
    return unknownVerdict(name, 'nothing was appended', { factsJudged })
  }
  return requireFacts(
    { checker: name, verdict: 'valid', operations: states.length, factsJudged },
    'no two operations show the same list',
  )
}

function findUnextended(ascending: readonly ListState[]): ListViolation | undefined {
  for (const [at, later] of ascending.entries()) {
    const earlier = ascending[at - 1]
    if (earlier === undefined || isExtended(earlier, later)) continue
    return {
      code: 'list-not-extended',
      partition: later.key,
      involved: [earlier.index, later.index],
      found: `${later.key} was [${later.value}] at revision ${later.mod}`,
      expected: `it to begin with [${earlier.value}] of revision ${earlier.mod}`,
    }
  }
  return undefined
}

function isExtended(earlier: ListState, later: ListState): boolean {
  if (later.mod === earlier.mod) return later.value === earlier.value
  return earlier.value === '' || later.value.startsWith(`${earlier.value} `)
}

function findMissingList(history: History): ListViolation | undefined {
  const missing = findMissingKey(history, prefix)
  if (missing === undefined) return undefined
  const { key, shownBy, missingFrom } = missing
  return {
    code: 'list-missing',
    partition: key,
    involved: [shownBy.invokeIndex, missingFrom.invokeIndex],
    found: `${formatRequest(missingFrom)} shows no ${key}`,
    expected: `the list that ${formatRequest(shownBy)} had shown`,
  }
}

function violationVerdict(
  { code, partition, involved, expected, found }: ListViolation,
  factsJudged: number,
): Verdict {
  return invalidVerdict(name, {
    code,
    reason: `${found}, expected ${expected}`,
    factsJudged,
    evidence: { partition, culprit: involved[1], involved, expected, found },
  })
}
