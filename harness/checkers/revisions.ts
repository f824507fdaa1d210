import { operations } from '../history/join.ts'
import type { History, Operation } from '../history/operations.ts'
import { mayBeStale } from '../history/stale.ts'
import type { Checker, Verdict } from './checker.ts'
import { formatRequest } from './verdict/format.ts'
import { invalidVerdict, type ViolationReport } from './verdict/invalid.ts'

const name = 'revisions'
const codes = ['mod-revision-ahead', 'revision-decreased'] as const

/**
 * Proves: the revisions in the answers' headers do not go back where etcd promises it: from one
 * linearizable answer to a process's next one, and from one answer of a member to the answers of
 * all requests sent to that member later, serializable ones too; and no answer shows a key newer
 * than its own revision.
 * Does not prove: order between processes at different members (`etcd-linearizability`), nor
 * anything of serializable answers of different members, where going back is allowed.
 */
export const revisionsChecker: Checker = {
  name,
  codes,
  check: ({ history }) => checkRevisions(history),
}

interface Highest {
  readonly revision: number
  readonly by: Operation
}

function checkRevisions(history: History): Verdict {
  const ops = operations(history)
  const answered = ops.filter(({ outcome, completion }) => {
    return outcome === 'ok' && completion?.revision !== undefined
  })
  if (answered.length === 0) {
    return { checker: name, verdict: 'unknown', reason: 'no answer carries a revision' }
  }
  const broken = findNewer(answered) ?? findBack(answered)
  return broken ?? { checker: name, verdict: 'valid', operations: answered.length }
}

function findNewer(answered: readonly Operation[]): Verdict | undefined {
  const op = answered.find(({ f, completion }) => {
    return f === 'get' && (completion?.modRevision ?? 0) > (completion?.revision ?? 0)
  })
  if (op === undefined) return undefined
  const { revision, modRevision, key } = op.completion ?? {}
  const found = `${formatRequest(op)} showed modRevision ${modRevision} at revision ${revision}`
  return violationVerdict([op], key ?? op.invoke.key ?? 'store', {
    code: 'mod-revision-ahead',
    reason: found,
    expected: `a modRevision up to ${revision}`,
    found,
  })
}

/** Sweeps the events: what had completed before a request was sent bounds its answer. */
function findBack(answered: readonly Operation[]): Verdict | undefined {
  const ends = answered.toSorted((one, other) => one.completeIndex - other.completeIndex)
  const highest = new Map<string, Highest>()
  let next = 0
  for (const op of answered) {
    for (; (ends[next]?.completeIndex ?? Infinity) < op.invokeIndex; next++) {
      const ended = ends[next]
      if (ended !== undefined) raise(highest, ended)
    }
    const revision = op.completion?.revision ?? 0
    for (const line of linesOf(op)) {
      const earlier = highest.get(line)
      if (earlier !== undefined && earlier.revision > revision)
        return findRevisionDecrease(op, earlier, line)
    }
  }
  return undefined
}

function raise(highest: Map<string, Highest>, op: Operation): void {
  const revision = op.completion?.revision ?? 0
  for (const line of linesOf(op)) {
    if ((highest.get(line)?.revision ?? -1) < revision) highest.set(line, { revision, by: op })
  }
}

/** Each line of answers within which revisions do not go back. */
function linesOf({ process, invoke }: Operation): string[] {
  const lines = invoke.member === undefined ? [] : [invoke.member]
  return mayBeStale(invoke) ? lines : [...lines, `process ${process}`]
}

function findRevisionDecrease(op: Operation, earlier: Highest, line: string): Verdict {
  const revision = op.completion?.revision
  const found = `${formatRequest(op)} answered revision ${revision}`
  return violationVerdict([earlier.by, op], line, {
    code: 'revision-decreased',
    reason: `${found} after ${formatRequest(earlier.by)} had answered ${earlier.revision}: ${line} went back`,
    expected: `a revision not before ${earlier.revision}`,
    found,
  })
}

interface Words extends Pick<ViolationReport<(typeof codes)[number]>, 'code' | 'reason'> {
  readonly expected: string
  readonly found: string
}

function violationVerdict(
  involved: readonly Operation[],
  partition: string,
  words: Words,
): Verdict {
  const { code, reason, expected, found } = words
  const indexes = involved.map(({ invokeIndex }) => invokeIndex)
  const culprit = indexes.at(-1) ?? 0
  const evidence = { partition, culprit, involved: indexes, expected, found }
  return invalidVerdict(name, { code, reason, evidence })
}
