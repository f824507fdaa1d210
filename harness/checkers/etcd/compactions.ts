import type { Operation } from '../../history/operations.ts'
import { formatRequest } from '../verdict/format.ts'
import type { CompiledHistory } from './compile/history.ts'
import type { EtcdOp } from './operation.ts'
import type { Violation } from './violation.ts'

/**
 * The revision to which the store is compacted only grows: an acknowledged compaction is above those
 * before it, and afterwards no read at an older revision is answered. Compactions of unknown outcome
 * only explain rejections.
 */
export function findCompactionViolation(compiled: CompiledHistory): Violation | undefined {
  const { compactions } = compiled
  if (compactions.length === 0) return undefined
  const accepted = compactions.filter((op) => op.isKnown && rejectionOf(op) === undefined)
  accepted.sort((one, other) => revisionOf(one) - revisionOf(other))
  return (
    findRevivedRevision(accepted, readsInThePast(compiled)) ??
    findUnexplainedRejection(compiled, compactions)
  )
}

/** By ascending revision. */
function readsInThePast({ ops }: CompiledHistory): EtcdOp[] {
  const reads = ops.filter(({ isStale, source }) => isStale && revisionOf({ source }) > 0)
  return reads.sort((one, other) => revisionOf(one) - revisionOf(other))
}

/** Each compaction happens after those below it, and after every read that it would have refused. */
function findRevivedRevision(
  accepted: readonly EtcdOp[],
  reads: readonly EtcdOp[],
): Violation | undefined {
  let latest: EtcdOp | undefined
  let next = 0
  const notBefore = (op: EtcdOp) => {
    if (latest === undefined || op.source.invokeIndex > latest.source.invokeIndex) latest = op
  }
  for (const [at, op] of accepted.entries()) {
    const below = accepted[at - 1]
    if (below !== undefined) notBefore(below)
    for (; next < reads.length && revisionOf(reads[next] as EtcdOp) < revisionOf(op); next++) {
      notBefore(reads[next] as EtcdOp)
    }
    const isRepeated = below !== undefined && revisionOf(below) === revisionOf(op)
    const culprit = isRepeated ? below : latest
    const isLate = latest !== undefined && latest.source.invokeIndex > op.source.completeIndex
    if (culprit !== undefined && (isRepeated || isLate)) return revivedViolation(op, culprit)
  }
  return undefined
}

function revivedViolation(compaction: EtcdOp, culprit: EtcdOp): Violation {
  const found = `${formatAt(culprit)} was answered`
  return {
    code: 'compacted-revision',
    reason: `${found} after ${formatAt(compaction)} had completed`,
    partition: 'store',
    culprit,
    involved: [compaction, culprit],
    expected: `a rejection: the store was compacted to ${revisionOf(compaction)}`,
    found,
  }
}

/** `compacted` needs a compaction up there; `future` needs a store that has not come there. */
function findUnexplainedRejection(
  { ops }: CompiledHistory,
  compactions: readonly EtcdOp[],
): Violation | undefined {
  for (const op of compactions) {
    const { invokeIndex, completeIndex } = op.source
    const to = revisionOf(op)
    const isExplained =
      rejectionOf(op) === 'compacted'
        ? compactions.some(
            (other) =>
              other !== op &&
              rejectionOf(other) === undefined &&
              revisionOf(other) >= to &&
              other.source.invokeIndex < completeIndex,
          )
        : rejectionOf(op) !== 'future' ||
          !ops.some(({ revision, source }) => revision >= to && source.completeIndex < invokeIndex)
    if (!isExplained) return rejectionViolation(op)
  }
  return undefined
}

function rejectionViolation(op: EtcdOp): Violation {
  const rejection = rejectionOf(op)
  const found = `${formatAt(op)} was rejected as ${rejection}`
  const expected =
    rejection === 'future'
      ? `the store below revision ${revisionOf(op)}`
      : `a compaction to ${revisionOf(op)} or above before it`
  const why = `${found}, expected ${expected}`
  const code = 'wrong-rejection'
  return { code, reason: why, partition: 'store', culprit: op, involved: [op], expected, found }
}

function formatAt({ source }: EtcdOp): string {
  return `${formatRequest(source)} at revision ${revisionOf({ source })}`
}

function rejectionOf({ source }: EtcdOp): unknown {
  return source.completion?.rejectedAs
}

function revisionOf({ source }: { readonly source: Operation }): number {
  return source.invoke.atRevision ?? 0
}
