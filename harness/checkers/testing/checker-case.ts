import type { Verdict } from '../checker.ts'

/** One history to judge: what must come out, and in what time. */
export interface CheckerCase {
  readonly name: string
  readonly expected: 'valid' | 'invalid'
  readonly atMostMs: number
  readonly judge: () => Verdict
}
