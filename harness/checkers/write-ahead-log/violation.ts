import type { Operation } from '../../history/operations.ts'

export const logCodes = [
  'logs-disagree',
  'acknowledged-write-lost',
  'refused-but-applied',
  'applied-twice',
  'wrong-revision',
  'wrong-answer',
] as const

/** How the logs contradict each other, or what clients received. */
export interface LogViolation {
  readonly code: (typeof logCodes)[number]
  readonly reason: string
  readonly expected: string
  readonly found: string
  readonly partition?: string | undefined
  /** The operation that the logs contradict. */
  readonly culprit?: Operation | undefined
  /** It follows from the states that entries leave, not from the entries alone. */
  readonly isReplayed?: true
}
