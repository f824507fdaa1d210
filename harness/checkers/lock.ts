import type { History } from '../history/operations.ts'
import type { Checker, Verdict } from './checker.ts'
import { type Grant, turnsByLock } from './lock/turns.ts'
import { findUnreleased } from './lock/unreleased.ts'
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
  for (const [key, turns] of locks) {
    const unreleased = findUnreleased(turns)
    if (unreleased !== undefined) return violationVerdict(key, unreleased, factsJudged)
  }
  return requireFacts(
    { checker: name, verdict: 'valid', operations: factsJudged, factsJudged },
    'no lock was granted',
  )
}

function violationVerdict(
  key: string,
  [holder, second]: readonly [Grant, Grant],
  factsJudged: number,
): Verdict {
  const found = `${key} was granted to ${second.owner} while ${holder.owner} held it`
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'granted-twice',
    reason: found,
    factsJudged,
    evidence: {
      partition: key,
      culprit: second.operation.invokeIndex,
      involved: [holder.operation.invokeIndex, second.operation.invokeIndex],
      expected: `no grant before ${holder.owner} gives it back`,
      found,
    },
  })
}
