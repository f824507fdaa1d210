import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { type Grant, type LockTurns, turnsByLock } from './lock/turns.ts'
import { findUnreleased } from './lock/unreleased.ts'
import { firstViolations } from './verdict/first-violations.ts'
import { shorten } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'

const name = 'lock'
const codes = ['granted-twice'] as const

/**
 * Proves: between the answer that grants a lock and the request that gives it back, no other client
 * is granted it, in any order of the requests that real time allows.
 * Does not prove: anything of locks that end with a lease: etcd does not promise those to a holder
 * that is paused or cut off for longer than the lease (docs: a lock must be fenced by its
 * revision); nor that a lock is granted soon or in the order of the requests.
 */
export const lockChecker: Checker = { name, codes, check: ({ history }) => checkLocks(history) }

function checkLocks(history: History): Verdict {
  const locks = turnsByLock(history)
  const factsJudged = [...locks.values()].reduce((sum, { grants }) => sum + grants.length, 0)
  const found = [...locks].flatMap(([key, turns]) => violationOf(key, turns) ?? [])
  const [first] = found
  if (first !== undefined) return violationVerdict(first, found, factsJudged)
  return requireFacts(
    { checker: name, verdict: 'valid', operations: factsJudged, factsJudged },
    'no lock was granted',
  )
}

/** The first grant of a lock while another client held it. */
export interface LockViolation {
  readonly key: string
  readonly holder: Turn
  readonly second: Turn
  /** The last grants before the second one's answer, in the order of their answers; it is among them. */
  readonly grants: readonly Turn[]
  /** Event indexes of the last requests before that which may have given it back, in their order. */
  readonly releases: readonly number[]
}

interface Turn {
  readonly owner: string
  /** Event index of the request. */
  readonly operation: number
}

const mostTurns = 12

function violationOf(key: string, turns: LockTurns): LockViolation | undefined {
  const unreleased = findUnreleased(turns)
  if (unreleased === undefined) return undefined
  const [holder, second] = unreleased
  const until = second.operation.completeIndex
  const grants = turns.grants.slice(0, turns.grants.indexOf(second) + 1)
  const releases = turns.releases.map(({ operation }) => operation.invokeIndex)
  return {
    key,
    holder: turnOf(holder),
    second: turnOf(second),
    grants: grants.slice(-mostTurns).map(turnOf),
    releases: releases.filter((index) => index < until).slice(-mostTurns),
  }
}

const turnOf = ({ owner, operation }: Grant): Turn => ({ owner, operation: operation.invokeIndex })

function violationVerdict(
  { key, holder, second }: LockViolation,
  violations: readonly LockViolation[],
  factsJudged: number,
): Verdict {
  const found = `${shorten(key)} was granted to ${second.owner} while ${holder.owner} held it`
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'granted-twice',
    reason: found,
    factsJudged,
    evidence: {
      partition: key,
      culprit: second.operation,
      involved: [holder.operation, second.operation],
      expected: `no grant before ${holder.owner} gives it back`,
      found,
      ...firstViolations(violations),
    },
  })
}
