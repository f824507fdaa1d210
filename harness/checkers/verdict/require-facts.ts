import type { Verdict } from '../checker.ts'

/** The verdict, but a valid one without a fact that could have shown a violation is unknown. */
export function requireFacts(verdict: Verdict, why: string): Verdict {
  if (verdict.verdict !== 'valid' || verdict.factsJudged > 0) return verdict
  return { ...verdict, verdict: 'unknown', reason: why }
}
