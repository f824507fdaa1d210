import type { History, Model } from '../../history/operations.ts'
import type { Verdict } from '../checker.ts'
import { checkEtcd } from '../etcd/check-etcd.ts'
import { linearizabilityChecker } from '../linearizability.ts'
import { setChecker } from '../set.ts'
import { requireFacts } from '../verdict/require-facts.ts'

export interface JudgeOptions {
  /** Judge by this model, whatever the header says. */
  readonly model?: Model
  /** What registers hold at first, whatever the header says; present counts, null included. */
  readonly initial?: unknown
  /** Give up (unknown) after this long. */
  readonly timeoutMs?: number
}

/**
 * Judges a saved history by its model's checker, each of them of linearizability. Throws an InputError for a
 * history that the model cannot read.
 */
export function judgeHistory(history: History, options: JudgeOptions = {}): Verdict {
  const { model = history.header.model, timeoutMs } = options
  const initial = 'initial' in options ? { initial: options.initial } : {}
  const judged: History = { ...history, header: { ...history.header, model, ...initial } }
  const limits = timeoutMs === undefined ? {} : { timeoutMs }
  if (model === 'etcd') {
    return requireFacts(checkEtcd(judged, limits), 'no operation was acknowledged')
  }
  const checker = model === 'set' ? setChecker : linearizabilityChecker
  return checker.check({ history: judged }, limits)
}
