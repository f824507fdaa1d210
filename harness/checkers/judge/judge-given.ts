import { expectHistory } from '../../history/expect-history.ts'
import type { History } from '../../history/operations.ts'
import type { Verdict } from '../checker.ts'
import { type JudgeOptions, judgeHistory } from './judge-history.ts'

/**
 * Judges a history that a program recorded, by its model's checker. Throws an InputError that names the
 * first event that is not as docs/HISTORY.md says: no verdict comes of a history that cannot be read.
 */
export function judge(history: History, options: JudgeOptions = {}): Verdict {
  expectHistory(history, options.model)
  return judgeHistory(history, options)
}
