import { messageOf } from '../../core/errors.ts'
import type { Checker, CheckInput, CheckLimits, Verdict } from '../checker.ts'
import { requireFacts } from '../verdict/require-facts.ts'
import { unknownVerdict } from '../verdict/unknown.ts'

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

export interface Judgement {
  readonly verdicts: readonly Verdict[]
  /** How long each checker took, by name. */
  readonly judgingMs: Readonly<Record<string, number>>
}

/**
 * Asks every checker, in order. A checker that throws has verdict `unknown`, with what it threw; so has
 * one that judged no fact.
 * The same evidence gives the same verdicts on every machine that judges it within the limits.
 */
export function judge(evidence: CheckInput, checkers: readonly Checker[]): Judgement {
  const limits = limitsFor(evidence.history.events.length)
  const judgingMs: Record<string, number> = {}
  const verdicts = checkers.map((checker) => {
    const startedMs = performance.now()
    const verdict = ask(checker, evidence, limits)
    judgingMs[checker.name] = Math.round(performance.now() - startedMs)
    return verdict
  })
  return { verdicts, judgingMs }
}

function ask(checker: Checker, evidence: CheckInput, limits: CheckLimits): Verdict {
  try {
    return requireFacts(checker.check(evidence, limits), 'the checker judged no fact')
  } catch (thrown) {
    return unknownVerdict(checker.name, `the checker itself failed: ${messageOf(thrown)}`)
  }
}
