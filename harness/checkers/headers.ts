import { lowerBound } from '../core/lower-bound.ts'
import { type FaultWindow, faultWindows } from '../history/fault-windows.ts'
import type { HeaderEntry } from '../history/logs/header.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'headers'
const codes = ['other-cluster', 'other-member', 'shared-member-id', 'term-decreased'] as const

/**
 * Proves, of the headers of answers of any API: all name one cluster; a member's answers name one
 * member, and those of two members two; one member's raft term never falls from an answer to the
 * answer to a later request.
 * Does not prove: anything between answers of a member before and after a fault on it: a process
 * that started again counts its terms from 0 while it replays its log, and a fault that removes,
 * damages or changes may put another member or another cluster in its place.
 */
export const headersChecker: Checker = { name, codes, check: checkHeaders }

interface HeaderViolation {
  readonly code: (typeof codes)[number]
  readonly member: string
  readonly expected: string
  readonly found: string
}

function checkHeaders({ history, headers }: CheckInput): Verdict {
  if (headers === undefined) return unknownVerdict(name, "no answers' headers were recorded")
  const { entries } = headers
  if (entries.length === 0) return unknownVerdict(name, 'no answer has a header')
  const windows = faultWindows(history.events)
  const ofMembers = [...Map.groupBy(entries, ({ member }) => member)].flatMap(([member, own]) =>
    eras(
      own,
      windows.filter(({ targets }) => targets.includes(member)),
    ),
  )
  const violations = [
    ...eras(entries, windows.filter(mayReplace)).flatMap(findOtherIdentity),
    ...ofMembers.flatMap(findFall),
  ]
  const factsJudged = ofMembers.flat().length
  const counts = { operations: entries.length, factsJudged }
  const [first] = violations
  if (first === undefined) {
    const none = 'every answer came during a fault on its member'
    return requireFacts({ checker: name, verdict: 'valid', ...counts }, none)
  }
  const { member, code, expected, found } = first
  return invalidVerdict(name, {
    code,
    codes: violations.map((violation) => violation.code),
    reason: `${found}, expected ${expected}`,
    ...counts,
    evidence: { partition: member, expected, found },
  })
}

/** Faults that may put another member, or another cluster, in the place of one. */
function mayReplace({ effect }: FaultWindow): boolean {
  return (
    effect === undefined || effect === 'removes' || effect === 'damages' || effect === 'changes'
  )
}

/** The answers between the faults, each time span by itself; those during a fault are in none. */
function eras(
  entries: readonly HeaderEntry[],
  windows: readonly FaultWindow[],
): (readonly HeaderEntry[])[] {
  const calm = entries.filter(({ timeNs }) =>
    windows.every(({ beginNs, endNs }) => timeNs < beginNs || endNs < timeNs),
  )
  const eraOf = ({ timeNs }: HeaderEntry) => windows.filter(({ endNs }) => endNs < timeNs).length
  return [...Map.groupBy(calm, eraOf).values()]
}

/**
 * The first answer of a member says who it is; the cluster is the one of the first of all. Reports
 * the first violation of each code.
 */
function findOtherIdentity(entries: readonly HeaderEntry[]): HeaderViolation[] {
  const [first] = entries
  const ids = new Map<string, string>()
  const names = new Map<string, string>()
  const found = new Map<HeaderViolation['code'], HeaderViolation>()
  for (const entry of entries) {
    const { member, memberId, clusterId } = entry
    const report = (code: HeaderViolation['code'], expected: string) => {
      if (!found.has(code)) found.set(code, { code, member, expected, found: formatAnswer(entry) })
    }
    const known = ids.get(member) ?? memberId
    const other = names.get(memberId) ?? member
    ids.set(member, known)
    names.set(memberId, other)
    if (clusterId !== first?.clusterId) {
      report('other-cluster', `cluster ${first?.clusterId}, as ${first?.member} answered`)
    }
    if (memberId !== known) report('other-member', `member ${known}, as it answered before`)
    if (other !== member) {
      report('shared-member-id', `another member than ${other}, which answered so before`)
    }
  }
  return [...found.values()]
}

/** Of one member, in the order of arrival: what had come before a request was sent bounds its answer. */
function findFall(entries: readonly HeaderEntry[]): HeaderViolation[] {
  const arrivals = entries.map(({ timeNs }) => timeNs)
  const highest: HeaderEntry[] = []
  for (const entry of entries) {
    const before = highest.at(-1)
    highest.push(before !== undefined && before.raftTerm > entry.raftTerm ? before : entry)
  }
  for (const entry of entries) {
    const { member, sentNs, raftTerm } = entry
    const earlier = highest[lowerBound(arrivals, sentNs) - 1]
    if (earlier === undefined || earlier.raftTerm <= raftTerm) continue
    const expected = `term ${earlier.raftTerm} or later, as it had answered before the request`
    return [{ code: 'term-decreased', member, expected, found: formatAnswer(entry) }]
  }
  return []
}

function formatAnswer({ member, method, clusterId, memberId, raftTerm }: HeaderEntry): string {
  return `${member} answered ${method} as member ${memberId} of cluster ${clusterId} in term ${raftTerm}`
}
