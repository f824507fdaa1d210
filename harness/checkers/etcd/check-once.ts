import type { History } from '../../history/operations.ts'
import type { CheckInput, CheckLimits, FinalState, Verdict } from '../checker.ts'
import { checkEtcd } from './check-etcd.ts'
import { groupByState, withFinalReads } from './final-reads.ts'

interface Search {
  readonly final: FinalState | undefined
  readonly limits: CheckLimits | undefined
  /** Of the operations alone. */
  plain?: Verdict
  /** Of the operations with the members' final state. */
  whole?: Verdict
}

/**
 * Three checkers ask the same of one history. An order that explains the final state too explains
 * the operations without it, so mostly a single search answers all of them.
 */
const searches = new WeakMap<History, Search>()

/** `checkEtcd` of the operations, whatever the members held at the end. */
export function checkOperations(input: CheckInput, limits?: CheckLimits): Verdict {
  const search = searchOf(input, limits)
  if (search.plain === undefined) {
    const whole = checkWithFinalState(input, limits)
    search.plain ??= whole.verdict === 'valid' ? whole : checkEtcd(input.history, limits)
  }
  return search.plain
}

/**
 * `checkEtcd` of the operations with each member's final state as one more read, after everything
 * that completed; `operations` does not count these reads. Without a final state it is
 * `checkOperations`.
 */
export function checkWithFinalState(input: CheckInput, limits?: CheckLimits): Verdict {
  const search = searchOf(input, limits)
  if (search.whole === undefined) {
    const states = groupByState(input.final).map(([first]) => first)
    const verdict = checkEtcd(withFinalReads(input.history, states), limits)
    const { operations = states.length, factsJudged } = verdict
    const ofFinal = states.length
    search.whole = {
      ...verdict,
      operations: operations - ofFinal,
      factsJudged: factsJudged - ofFinal,
    }
    if (states.length === 0) search.plain = search.whole
  }
  return search.whole
}

function searchOf({ history, final }: CheckInput, limits: CheckLimits | undefined): Search {
  const found = searches.get(history)
  if (found !== undefined && found.final === final && found.limits === limits) return found
  const search: Search = { final, limits }
  searches.set(history, search)
  return search
}
