import { operations } from '../history/join.ts'
import type { Operation } from '../history/operations.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { collectRefusalFacts, type RefusalFacts } from './refusals/facts.ts'
import { refusalCodes, refusalOf } from './refusals/kinds.ts'
import { formatRequest } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'refusals'

/**
 * Proves: no request was refused for a reason that the history contradicts: a compaction that never
 * reached its revision, a future revision that had been answered before, a lease that was alive, a size
 * or a number of operations below the limit, a quota that the clients' writes cannot have filled, a key
 * that was given.
 * Does not prove: that a refusal without such a reason was right (the error budget of the scenario, see
 * `served-without-fault`), nor that a refused request had no effect (`etcd-linearizability`).
 */
export const refusalsChecker: Checker = {
  name,
  codes: refusalCodes,
  check: checkRefusals,
}

function checkRefusals(input: CheckInput): Verdict {
  const answered = operations(input.history).filter(({ completion }) => completion !== undefined)
  // Each answer could have been a refusal that nothing justifies.
  const factsJudged = answered.length
  if (factsJudged === 0) return unknownVerdict(name, 'no request was answered')
  const refused = answered.filter(({ completion }) => refusalOf(completion?.error) !== undefined)
  const facts = collectRefusalFacts(input)
  const found = refused.flatMap((operation) => describe(operation, facts))
  const [first] = found
  if (first === undefined)
    return { checker: name, verdict: 'valid', factsJudged, operations: factsJudged }
  const others = found.length > 1 ? ` (and ${found.length - 1} more)` : ''
  return invalidVerdict(name, {
    code: first.code,
    codes: found.map(({ code }) => code),
    reason: `${first.reason}${others}`,
    evidence: first.evidence,
    factsJudged,
    operations: factsJudged,
  })
}

function describe(operation: Operation, facts: RefusalFacts) {
  const { error = '' } = operation.completion ?? {}
  const kind = refusalOf(error)
  const contradiction = kind?.contradict(operation, facts)
  if (kind === undefined || contradiction === undefined) return []
  return [
    {
      code: kind.code,
      reason: `${formatRequest(operation)} was refused with "${kind.text}", but ${contradiction}`,
      evidence: {
        culprit: operation.invokeIndex,
        involved: [operation.invokeIndex],
        expected: `no refusal for this reason: ${contradiction}`,
        found: error,
      },
    },
  ]
}

/** Whether the answer refuses this very request, for a reason that this checker judges. */
export function isJustifiedRefusal(error: string): boolean {
  return refusalOf(error)?.isOfRequest === true
}
