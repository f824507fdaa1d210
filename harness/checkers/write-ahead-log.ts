import type { Checker, CheckInput, Verdict } from './checker.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'
import type { ClientWrite } from './write-ahead-log/attribution.ts'
import { findLostLeases } from './write-ahead-log/judge-leases.ts'
import { judgeStates } from './write-ahead-log/judge-states.ts'
import { findRepeatedRequest, judgeGroup } from './write-ahead-log/judge-writes.ts'
import { type MatchedLogs, matchLogs } from './write-ahead-log/match-logs.ts'
import { type LogViolation, logCodes } from './write-ahead-log/violation.ts'

const name = 'write-ahead-log'

/**
 * Proves: what raft committed, as the stopped members' write-ahead logs hold it, is what clients and
 * watchers received. Every acknowledged write, and grant or revocation of a lease, has its entry; no
 * refused write changed anything; no request was applied twice. The entries, applied to an empty
 * store as etcd does, give each answered revision, value and version, each read's state and each
 * member's final state. The logs agree with each other. Of logs that are too long it compares the part
 * that was read, and says how many writes came later.
 * Does not prove: that etcd answered in time, or from a quorum (`etcd-linearizability`); anything of
 * requests that etcd answers without an entry, such as keep-alives, beyond the state that they show.
 *
 * It finds what the other checkers cannot: they know the clients' side alone.
 */
export const writeAheadLogChecker: Checker = { name, codes: logCodes, check: checkLogs }

function checkLogs(input: CheckInput): Verdict {
  const { wal } = input
  if (wal === undefined) return unknownVerdict(name, 'no write-ahead log was read')
  const matched = matchLogs(input, wal)
  const { logs, replay } = matched
  if (logs.conflict !== undefined) return invalidOf([conflictOf(logs.conflict)], 0)
  const { certain, replayed, unlogged, later, factsJudged } = compare(input, matched)
  const violations = replay.doubts.length === 0 ? [...certain, ...replayed] : certain
  if (violations.length > 0) return invalidOf(violations, factsJudged)
  const [doubtful] = replayed
  const notes = [
    ...(doubtful === undefined ? [] : [`${doubtful.reason}; but ${replay.doubts.join('; ')}`]),
    ...(unlogged === 0
      ? []
      : [`${unlogged} acknowledged writes are in none of the logs that were read`]),
    ...(logs.isWhole
      ? []
      : ['the logs do not begin with an empty store: states were not compared']),
  ]
  const unread = later === 0 ? [] : [`${later} acknowledged writes came after that part`]
  const reason = [...notes, ...logs.gaps, ...unread].join('; ')
  if (notes.length > 0) return unknownVerdict(name, reason, { factsJudged })
  const verdict = {
    checker: name,
    verdict: 'valid',
    factsJudged,
    ...(reason && { reason }),
  } as const
  return requireFacts(verdict, 'nothing to compare with the logs')
}

interface Comparison {
  readonly certain: readonly LogViolation[]
  /** Those that hold when etcd applied the entries as the replay does. */
  readonly replayed: readonly LogViolation[]
  /** Acknowledged writes of which the logs, incomplete as they are, say nothing. */
  readonly unlogged: number
  /** Those that were acknowledged after the end of logs that were too long to be read whole. */
  readonly later: number
  readonly factsJudged: number
}

function compare(input: CheckInput, { logs, replay, groups }: MatchedLogs): Comparison {
  const isComplete = logs.isComplete && logs.isWhole
  const writes = groups.map((group) => judgeGroup(group, isComplete))
  const isOpen = logs.open.length > 0 || !logs.isComplete
  const none = { violations: [], compared: 0 }
  const states = logs.isWhole ? judgeStates(input, { store: replay.store, isOpen }) : none
  const found = [
    ...findRepeatedRequest(replay.applied),
    ...writes.flatMap(({ violations }) => violations),
    ...(isComplete ? findLostLeases(input.leases, [...logs.committed, ...logs.open]) : []),
    ...states.violations,
  ]
  const unknown = writes.flatMap((write) => write.unknown)
  const isLater = ({ operation }: ClientWrite) =>
    logs.isCut && logs.isWhole && (operation.completion?.revision ?? 0) > replay.store.revision
  const later = unknown.filter(isLater).length
  const matched = groups.reduce((sum, group) => sum + group.matched, 0)
  return {
    certain: found.filter(({ isReplayed }) => isReplayed !== true),
    replayed: logs.isWhole ? found.filter(({ isReplayed }) => isReplayed === true) : [],
    unlogged: unknown.length - later,
    later,
    factsJudged: matched + states.compared,
  }
}

function conflictOf(reason: string): LogViolation {
  return { code: 'logs-disagree', reason, expected: 'one content at each index', found: reason }
}

function invalidOf(violations: readonly LogViolation[], factsJudged: number): Verdict {
  const [first] = violations as [LogViolation]
  const { code, reason, expected, found, partition, culprit } = first
  const at = culprit?.invokeIndex
  return invalidVerdict(name, {
    code,
    codes: violations.map((violation) => violation.code),
    reason,
    factsJudged,
    evidence: {
      ...(partition !== undefined && { partition }),
      ...(at !== undefined && { culprit: at, involved: [at] }),
      expected,
      found,
    },
  })
}
