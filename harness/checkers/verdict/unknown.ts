import type { Verdict } from '../checker.ts'

/** A verdict that proves nothing, and why. By default no fact was judged. */
export function unknownVerdict(
  checker: string,
  reason: string,
  counts: Partial<Pick<Verdict, 'operations' | 'factsJudged'>> = {},
): Verdict {
  return { checker, verdict: 'unknown', reason, factsJudged: 0, ...counts }
}
