import { messageOf } from '../../core/errors.ts'
import type { Checker, CheckInput, CheckLimits, Verdict } from '../checker.ts'

const leastMs = 60_000
const mostMs = 300_000
const msPerEvent = 0.5
const memoryBytes = 2 ** 30

/**
 * What one checker may spend: a minute and half a millisecond an event (a second for 1,000
 * operations), five minutes at most, which half a million events have. Memory does not grow.
 */
export function limitsFor(events: number): CheckLimits {
  return { timeoutMs: Math.min(leastMs + msPerEvent * events, mostMs), memoryBytes }
}

/**
 * Asks every checker, in order. A checker that throws has proved nothing: its verdict is unknown,
 * with what it threw.
 */
export function judge(evidence: CheckInput, checkers: readonly Checker[]): Verdict[] {
  const limits = limitsFor(evidence.history.events.length)
  return checkers.map((checker) => {
    const startedMs = performance.now()
    const verdict = ask(checker, evidence, limits)
    return { ...verdict, ms: Math.round(performance.now() - startedMs) }
  })
}

function ask(checker: Checker, evidence: CheckInput, limits: CheckLimits): Verdict {
  try {
    return checker.check(evidence, limits)
  } catch (thrown) {
    const reason = `the checker itself failed: ${messageOf(thrown)}`
    return { checker: checker.name, verdict: 'unknown', reason }
  }
}
