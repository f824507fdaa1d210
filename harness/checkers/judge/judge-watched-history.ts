import type { CheckInput, Verdict } from '../checker.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import { watchChecker } from '../watch.ts'
import { settleByWatches } from './settle-by-watches.ts'

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
  const verdict = checkEtcd(settleByWatches(evidence).history, limits)
  if (verdict.verdict !== 'valid' || watched === undefined) return verdict
  return watched.verdict === 'valid' ? verdict : watched
}
