import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { findMissingKey, type MissingKey } from './keys/missing-keys.ts'
import { type ObservedOperation, observedValues } from './keys/observed-values.ts'
import { formatRequest } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'

const name = 'bank'
const codes = ['total-changed', 'account-missing'] as const
const prefix = 'bank/'

type Code = (typeof codes)[number]

/**
 * Proves: every answer that shows all accounts (keys under `bank/`, a balance before the first
 * space) shows the same total, and so does every list of them: transfers neither create nor destroy
 * money; and no account is missing from an answer after it was there.
 * Does not prove: that the balances are right, or up to date: that is linearizability, which implies
 * this too. This states it in terms of accounts.
 */
export const bankChecker: Checker = { name, codes, check: ({ history }) => checkBank(history) }

function checkBank(history: History): Verdict {
  const observed = observedValues(history, prefix)
  const accounts = new Set(observed.flatMap(({ values }) => values.map(({ key }) => key))).size
  const [first, ...others] = observed.filter(
    (answer) => isList(answer) || new Set(answer.values.map(({ key }) => key)).size === accounts,
  )
  const factsJudged = others.length
  const missing = findMissingKey(history, prefix)
  if (missing !== undefined) return missingVerdict(missing, factsJudged)
  const wrong = first && others.find((one) => totalOf(one) !== totalOf(first))
  if (first !== undefined && wrong !== undefined) return totalVerdict(first, wrong, factsJudged)
  const total = first && { evidence: { total: totalOf(first) } }
  return requireFacts(
    { checker: name, verdict: 'valid', operations: others.length + 1, factsJudged, ...total },
    'no two answers show all accounts',
  )
}

/** A range over all accounts: one that it leaves out is missing. */
function isList({ operation: { f, invoke } }: ObservedOperation): boolean {
  return f === 'range' && invoke.key === prefix && invoke.limit === undefined
}

function totalOf({ values }: ObservedOperation): number {
  return values.reduce((sum, { value }) => sum + Number(value.split(' ')[0]), 0)
}

function totalVerdict(
  first: ObservedOperation,
  wrong: ObservedOperation,
  factsJudged: number,
): Verdict {
  const found = `the accounts hold ${totalOf(wrong)} in total`
  const expected = `${totalOf(first)} as before`
  const [earlier, culprit] = [first.operation.invokeIndex, wrong.operation.invokeIndex]
  return invalidVerdict<Code>(name, {
    code: 'total-changed',
    reason: `${found}, expected ${expected}`,
    factsJudged,
    evidence: { partition: prefix, culprit, involved: [earlier, culprit], expected, found },
  })
}

function missingVerdict({ key, shownBy, missingFrom }: MissingKey, factsJudged: number): Verdict {
  const found = `${formatRequest(missingFrom)} shows no ${key}`
  const expected = `the account that ${formatRequest(shownBy)} had shown`
  const [earlier, culprit] = [shownBy.invokeIndex, missingFrom.invokeIndex]
  return invalidVerdict<Code>(name, {
    code: 'account-missing',
    reason: `${found}, expected ${expected}`,
    factsJudged,
    evidence: { partition: key, culprit, involved: [earlier, culprit], expected, found },
  })
}
