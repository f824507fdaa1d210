import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { type ObservedOperation, observedValues } from './keys/observed-values.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'bank'
const codes = ['total-changed'] as const
const prefix = 'bank/'

/**
 * Proves: every answer that shows all accounts (keys under `bank/`, a balance before the first
 * space) shows the same total, and so does every list of them: transfers neither create nor destroy
 * money.
 * Does not prove: that the balances are right, or up to date: that is linearizability, which implies
 * this too. This states it in terms of accounts.
 */
export const bankChecker: Checker = { name, codes, check: ({ history }) => checkBank(history) }

function checkBank(history: History): Verdict {
  const observed = observedValues(history, prefix)
  const accounts = new Set(observed.flatMap(({ values }) => values.map(({ key }) => key))).size
  const whole = observed.filter(
    (answer) => isList(answer) || new Set(answer.values.map(({ key }) => key)).size === accounts,
  )
  const [first, ...others] = whole
  if (first === undefined || others.length === 0) {
    return { checker: name, verdict: 'unknown', reason: 'no two answers show all accounts' }
  }
  const expected = totalOf(first)
  const wrong = others.find((one) => totalOf(one) !== expected)
  if (wrong !== undefined) return violationVerdict(first, wrong)
  return {
    checker: name,
    verdict: 'valid',
    operations: whole.length,
    evidence: { total: expected },
  }
}

/** A range over all accounts: one that it leaves out is missing. */
function isList({ operation: { f, invoke } }: ObservedOperation): boolean {
  return f === 'range' && invoke.key === prefix && invoke.limit === undefined
}

function totalOf({ values }: ObservedOperation): number {
  return values.reduce((sum, { value }) => sum + Number(value.split(' ')[0]), 0)
}

function violationVerdict(first: ObservedOperation, wrong: ObservedOperation): Verdict {
  const found = `the accounts hold ${totalOf(wrong)} in total`
  const expected = `${totalOf(first)} as before`
  const [earlier, culprit] = [first.operation.invokeIndex, wrong.operation.invokeIndex]
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'total-changed',
    reason: `${found}, expected ${expected}`,
    evidence: { partition: prefix, culprit, involved: [earlier, culprit], expected, found },
  })
}
