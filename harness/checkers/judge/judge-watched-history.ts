import type { CheckInput, Verdict } from '../checker.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import { requireFacts } from '../verdict/require-facts.ts'
import { watchChecker } from '../watch.ts'
import { settleByValid } from './settle-by-watches.ts'

/**
 * Judges what clients and watchers saw together: the watches first, then the operations with unknown
 * outcomes settled by them. The first that is not valid decides.
 */
export function judgeWatchedHistory(
  evidence: CheckInput,
  limits: { readonly timeoutMs: number },
): Verdict {
  const hasWatches = (evidence.watches?.entries.length ?? 0) > 0
  const watched = hasWatches ? watchChecker.check(evidence) : undefined
  if (watched?.verdict === 'invalid') return watched
  const isSettled = watched?.verdict === 'valid'
  const { history } = isSettled ? settleByValid(evidence) : evidence
  const verdict = checkEtcd(history, limits)
  if (verdict.verdict !== 'valid') return verdict
  if (watched !== undefined && !isSettled) return watched
  const factsJudged = verdict.factsJudged + (watched?.factsJudged ?? 0)
  return requireFacts({ ...verdict, factsJudged }, 'no answer and no event was recorded')
}
