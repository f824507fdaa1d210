import { operations } from '../history/join.ts'
import type { History, Operation } from '../history/operations.ts'
import { mayBeStale } from '../history/stale.ts'
import type { Checker, Verdict } from './checker.ts'
import { keysShown } from './keys/keys-shown.ts'
import { formatRequest } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'revisions'
const codes = ['mod-revision-ahead', 'revision-decreased'] as const

/**
 * Proves: the revisions in the answers' headers do not decrease where etcd promises it: from one
 * linearizable answer to a process's next one, and from one answer of a member to the answers of
 * all requests sent to that member later, serializable ones too; and no answer shows a key newer
 * than its own revision.
 * Does not prove: order between processes at different members (`etcd-linearizability`), nor
 * anything of serializable answers of different members, where revisions may decrease.
 */
export const revisionsChecker: Checker = {
  name,
  codes,
  check: ({ history }) => checkRevisions(history),
}

interface RevisionViolation {
  readonly code: (typeof codes)[number]
  /** In the order of invocation; the last one broke the guarantee. */
  readonly involved: readonly Operation[]
  readonly partition: string
  readonly reason: string
  readonly expected: string
  readonly found: string
}

function checkRevisions(history: History): Verdict {
  const answered = operations(history).filter(({ outcome, completion }) => {
    return outcome === 'ok' && completion?.revision !== undefined
  })
  if (answered.length === 0) {
    return unknownVerdict(name, 'no answer carries a revision')
  }
  const violations = [findNewerKey(answered), findDecrease(answered)].flatMap((one) => one ?? [])
  const [first] = violations
  const counts = { operations: answered.length, factsJudged: answered.length }
  if (first === undefined) return { checker: name, verdict: 'valid', ...counts }
  const { code, partition, reason, expected, found } = first
  const involved = first.involved.map(({ invokeIndex }) => invokeIndex)
  return invalidVerdict(name, {
    code,
    codes: violations.map((violation) => violation.code),
    reason,
    ...counts,
    evidence: { partition, culprit: involved.at(-1) ?? 0, involved, expected, found },
  })
}

/** An answer that shows a key newer than the revision that it answers for. */
function findNewerKey(answered: readonly Operation[]): RevisionViolation | undefined {
  for (const op of answered) {
    const { atRevision } = op.invoke
    const bound = typeof atRevision === 'number' && atRevision > 0 ? atRevision : Infinity
    const revision = Math.min(revisionOf(op), bound)
    const newer = keysShown(op).find(([, mod]) => Number(mod) > revision)
    if (newer === undefined) continue
    const [partition, mod] = newer
    const found = `${formatRequest(op)} showed ${partition} at modRevision ${mod} at revision ${revision}`
    return {
      code: 'mod-revision-ahead',
      involved: [op],
      partition,
      reason: found,
      expected: `a modRevision up to ${revision}`,
      found,
    }
  }
  return undefined
}

/** Sweeps the events: what had completed before a request was sent bounds its answer. */
function findDecrease(answered: readonly Operation[]): RevisionViolation | undefined {
  const ends = answered.toSorted((one, other) => one.completeIndex - other.completeIndex)
  const highest = new Map<string, Operation>()
  let next = 0
  for (const op of answered) {
    for (; (ends[next]?.completeIndex ?? Infinity) < op.invokeIndex; next++) {
      const ended = ends[next]
      if (ended !== undefined) raiseHighest(highest, ended)
    }
    for (const series of seriesOf(op)) {
      const earlier = highest.get(series)
      if (earlier !== undefined && revisionOf(earlier) > revisionOf(op)) {
        return decreaseOf(op, earlier, series)
      }
    }
  }
  return undefined
}

const revisionOf = ({ completion }: Operation): number => completion?.revision ?? 0

function raiseHighest(highest: Map<string, Operation>, op: Operation): void {
  for (const series of seriesOf(op)) {
    const before = highest.get(series)
    if (before === undefined || revisionOf(before) < revisionOf(op)) highest.set(series, op)
  }
}

/** The series of answers, of a member or a process, in which revisions do not decrease. */
function seriesOf({ process, invoke }: Operation): string[] {
  const series = invoke.member === undefined ? [] : [invoke.member]
  return mayBeStale(invoke) ? series : [...series, `process ${process}`]
}

function decreaseOf(op: Operation, earlier: Operation, series: string): RevisionViolation {
  const found = `${formatRequest(op)} answered revision ${revisionOf(op)}`
  const before = `${formatRequest(earlier)} had answered ${revisionOf(earlier)}`
  return {
    code: 'revision-decreased',
    involved: [earlier, op],
    partition: series,
    reason: `${found} after ${before}: ${series} went back`,
    expected: `a revision not before ${revisionOf(earlier)}`,
    found,
  }
}
