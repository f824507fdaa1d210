import { formatRequest } from '../verdict/format.ts'
import type { ClientWrite } from './attribution.ts'
import type { MatchedGroup } from './match-writes.ts'
import type { AppliedEntry } from './replay.ts'
import type { LogViolation } from './violation.ts'

/** What the logs say of one group of writes. */
export interface WriteJudgement {
  readonly violations: readonly LogViolation[]
  /** Acknowledged writes of which no log tells. */
  readonly unknown: readonly ClientWrite[]
}

/**
 * Compares what clients received with what the logs hold: an acknowledged write has its entry, and
 * that gives its answer; a refused write has changed nothing; no request has more than one entry. A
 * write that has no entry is lost where the logs are complete, and may be one of the open entries.
 */
export function judgeGroup(matched: MatchedGroup, isComplete: boolean): WriteJudgement {
  const { group, different, lost } = matched
  const isLost = isComplete && group.open.length === 0
  return {
    violations: [
      ...different.map(({ write, code, answered, logged }) =>
        differenceOf(write, { code, answered, logged }),
      ),
      ...(isLost ? lost.map(lossOf) : []),
      ...findSurplus(matched),
    ],
    unknown: isLost ? [] : lost.slice(group.open.length),
  }
}

/** Entries that changed something beyond those that acknowledged and unknown requests can have made. */
function findSurplus({ group, left }: MatchedGroup): LogViolation[] {
  const { writes } = group
  const changes = left.filter(({ isChange }) => isChange)
  const unknown = writes.filter(({ outcome }) => outcome === 'info').length
  const [surplus] = changes.slice(unknown)
  if (surplus === undefined) return []
  const refused = writes.find(({ outcome }) => outcome === 'fail')
  return [refused === undefined ? repetitionOf(group.writes, surplus) : refusalOf(refused, surplus)]
}

function lossOf({ operation }: ClientWrite): LogViolation {
  const request = formatRequest(operation)
  return {
    code: 'acknowledged-write-lost',
    reason: `${request} was acknowledged, and no member's log has it`,
    expected: 'an entry in the log of every acknowledged write',
    found: `no entry for ${request}`,
    partition: operation.invoke.key,
    culprit: operation,
  }
}

function differenceOf(
  { operation }: ClientWrite,
  {
    code,
    answered,
    logged,
  }: { code: 'wrong-revision' | 'wrong-answer'; answered: string; logged: string },
): LogViolation {
  return {
    code,
    reason: `${formatRequest(operation)} answered ${answered}, and the logs give ${logged}`,
    expected: logged,
    found: answered,
    partition: operation.invoke.key,
    culprit: operation,
    isReplayed: true,
  }
}

function refusalOf({ operation }: ClientWrite, { entry, revision }: AppliedEntry): LogViolation {
  const request = formatRequest(operation)
  return {
    code: 'refused-but-applied',
    reason: `${request} was refused, and entry ${entry.index} did it at revision ${revision}`,
    expected: 'no change by a refused request',
    found: `revision ${revision} by entry ${entry.index}`,
    partition: operation.invoke.key,
    culprit: operation,
    isReplayed: true,
  }
}

function repetitionOf(
  [write]: readonly ClientWrite[],
  { entry, revision }: AppliedEntry,
): LogViolation {
  const request = write === undefined ? 'a request' : formatRequest(write.operation)
  return {
    code: 'applied-twice',
    reason: `${request} was applied again by entry ${entry.index}, at revision ${revision}`,
    expected: 'one entry for each request',
    found: `a further change at revision ${revision}`,
    partition: write?.operation.invoke.key,
    culprit: write?.operation,
    isReplayed: true,
  }
}

/** Committed entries that carry the number of one request. */
export function findRepeatedRequest(applied: readonly AppliedEntry[]): LogViolation[] {
  const numbered = applied.filter(({ entry }) => entry.id !== undefined)
  return [...Map.groupBy(numbered, ({ entry }) => entry.id)].flatMap(([id, entries]) => {
    const [first, second] = entries.map(({ entry }) => entry.index)
    if (second === undefined) return []
    return [
      {
        code: 'applied-twice',
        reason: `entries ${first} and ${second} are of one request, number ${id}`,
        expected: 'one entry for each request',
        found: `entry ${second} after entry ${first}`,
      },
    ]
  })
}
