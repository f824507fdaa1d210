import { messageOf } from '../core/errors.ts'
import type { Checker, CheckLimits, Evidenced, Verdict } from './checker.ts'

const scenarioLimits: CheckLimits = { timeoutMs: 60_000 }

/**
 * Asks every checker, in order. A checker that throws has proved nothing: its verdict is unknown,
 * with what it threw.
 */
export function judge(evidence: Evidenced, checkers: readonly Checker[]): Verdict[] {
  return checkers.map((checker) => {
    const startedMs = performance.now()
    const verdict = ask(checker, evidence)
    return { ...verdict, ms: Math.round(performance.now() - startedMs) }
  })
}

function ask(checker: Checker, evidence: Evidenced): Verdict {
  try {
    return checker.check(evidence, scenarioLimits)
  } catch (thrown) {
    const reason = `the checker itself failed: ${messageOf(thrown)}`
    return { checker: checker.name, verdict: 'unknown', reason }
  }
}
