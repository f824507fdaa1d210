import type { LoggedEntry } from '../../history/logs/wal.ts'
import type { Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'
import type { CheckInput } from '../checker.ts'
import { modOf } from '../write-ahead-log/compare-answer.ts'
import { type MatchedLogs, matchLogs } from '../write-ahead-log/match-logs.ts'
import type { MatchedGroup } from '../write-ahead-log/match-writes.ts'
import type { AppliedEntry } from '../write-ahead-log/replay.ts'
import type { StepResult } from '../write-ahead-log/transaction.ts'
import { writeAheadLogChecker } from '../write-ahead-log.ts'
import { type Settled, settleOutcomes } from './settle-outcomes.ts'

/**
 * The same evidence with unknown writes settled by the members' write-ahead logs. A write happened
 * when the log has as many entries for it, and for requests like it, as acknowledged and unknown
 * requests ask for: at the revision, and with the results, that its entry gives. It did not happen when
 * no log has an entry for it, or when etcd refused the entry as it applied it. Where some of several
 * equal requests happened, they stay unknown.
 *
 * The logs count only when the `write-ahead-log` checker finds them valid.
 */
export function settleByLogs(evidence: CheckInput): CheckInput {
  const { wal } = evidence
  if (wal === undefined || writeAheadLogChecker.check(evidence).verdict !== 'valid') return evidence
  const matched = matchLogs(evidence, wal)
  const { logs, replay, groups } = matched
  if (!logs.isComplete || replay.doubts.length > 0) return evidence
  const outcomes = new Map(groups.flatMap(outcomesOf))
  return settleOutcomes(evidence, (operation) => {
    const { expiryOf } = operation.invoke
    if (typeof expiryOf === 'string') return outcomeOfExpiry(operation, expiryOf, matched)
    return outcomes.get(operation.invokeIndex)
  })
}

/** By the index of the invocation. */
function outcomesOf({ group, left, lost }: MatchedGroup): (readonly [number, Settled])[] {
  const unknown = group.writes.filter(({ outcome }) => outcome === 'info')
  const isAmbiguous = left.length !== 0 && left.length !== unknown.length
  if (isAmbiguous || group.open.length > 0 || lost.length > 0) return []
  return unknown.map(({ operation }, at) => {
    const entry = left[at]
    return [operation.invokeIndex, entry ? outcomeOf(operation, entry) : { type: 'fail' }]
  })
}

function outcomeOf({ f }: Operation, applied: AppliedEntry): Settled {
  const { error, revision, deleted, succeeded, results } = applied
  if (error !== undefined) return { type: 'fail' }
  if (f === 'delete') return { type: 'ok', revision, deleted: deleted ?? 0 }
  if (f === 'put') return { type: 'ok', revision }
  const branch = { type: 'ok', revision, applied: succeeded === true } as const
  return f === 'cas' ? branch : { ...branch, value: (results ?? []).map(answerOf) }
}

/** As a history notes the result of a step. */
function answerOf(result: StepResult): unknown {
  if (result.kind === 'delete') return result.deleted
  return result.kind === 'range' ? [result.key.value, modOf(result.key)] : null
}

/**
 * The end of a lease is an entry that revokes it, of etcd's own or of a client. A key that goes with
 * the lease no longer stays then: such an end stays unknown, because its request deletes all keys.
 */
function outcomeOfExpiry(
  { invoke }: Operation,
  lease: string,
  { logs, replay }: MatchedLogs,
): Settled | undefined {
  const isRevoke = ({ request }: LoggedEntry) =>
    request.kind === 'lease-revoke' && request.lease === lease
  if (logs.open.some(isRevoke)) return undefined
  const end = replay.applied.find(({ entry, error }) => error === undefined && isRevoke(entry))
  if (end === undefined) return { type: 'fail' }
  const { revision, isChange } = end
  const keys = (invoke.value as Transaction).then.map(([, key]) => key)
  if (keys.some((key) => replay.store.get(key, revision).value !== null)) return undefined
  const removed = (key: string) => isChange && replay.store.changeAt(key, revision) !== undefined
  return { type: 'ok', revision, applied: true, value: keys.map((key) => Number(removed(key))) }
}
