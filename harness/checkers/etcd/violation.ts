import type { Verdict } from '../checker.ts'
import { invalidVerdict } from '../verdict/invalid.ts'
import type { CompiledHistory } from './compile/history.ts'
import type { EtcdOp } from './operation.ts'

/** The kinds of violation of `etcd-linearizability`. */
export const violationCodes = [
  'impossible-answer',
  'stale-read',
  'revision-before-request',
  'duplicate-revision',
  'unexplained-revision',
  'unwritten-value',
  'wrong-answer',
  'wrong-count',
  'write-without-revision',
  'compacted-revision',
  'wrong-rejection',
  'no-order',
] as const

/** A violation in words and positions. */
export interface Violation {
  readonly code: (typeof violationCodes)[number]
  readonly reason: string
  /** The key it is about, or `store`. */
  readonly partition: string
  readonly culprit?: EtcdOp | undefined
  readonly involved?: readonly EtcdOp[]
  readonly expected?: string
  readonly found?: string
  /** The last operations that could be placed, in order. */
  readonly placed?: readonly EtcdOp[]
  readonly placedBefore?: number
}

export const checkerName = 'etcd-linearizability'

/** Evidence shows at most so many operations of the prefix: the last ones. */
export const prefixShown = 200

export function violationVerdict(compiled: CompiledHistory, violation: Violation): Verdict {
  const { code, reason, partition, culprit, involved = [], expected, found, placed } = violation
  const indexOf = (op: EtcdOp) => op.source.invokeIndex
  return invalidVerdict(checkerName, {
    code,
    reason,
    operations: compiled.operations,
    factsJudged: compiled.answers,
    evidence: {
      partition,
      ...(culprit !== undefined && { culprit: indexOf(culprit) }),
      ...(placed !== undefined && { prefix: placed.map(indexOf) }),
      ...(violation.placedBefore !== undefined && { prefixOmitted: violation.placedBefore }),
      involved: [...new Set(involved.map(indexOf))],
      ...(expected !== undefined && { expected }),
      ...(found !== undefined && { found }),
    },
  })
}
