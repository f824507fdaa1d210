import { operations } from '../history/join.ts'
import type { Operation, OperationEvent } from '../history/operations.ts'
import { mayBeStale } from '../history/stale.ts'
import type { Checker, CheckInput, CheckLimits, Verdict } from './checker.ts'
import { checkEtcd } from './etcd/check-etcd.ts'
import { checkOperations } from './etcd/check-once.ts'
import { withoutOperations } from './etcd/without-operations.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'serializable'
const codes = ['no-such-state'] as const

/**
 * Proves: every serializable read showed the state that the store really had at the revision it
 * named, and none from after its answer. Stale is allowed, invented is not.
 * Does not prove: how stale a read may be, or that the other operations are right: where they are
 * not, there is no state to compare with and the verdict is unknown.
 */
export const serializableChecker: Checker = {
  name,
  codes,
  check: checkSerializable,
}

function checkSerializable(input: CheckInput, limits?: CheckLimits): Verdict {
  const { history } = input
  const reads = operations(history).filter(isAnsweredRead).length
  const counts = { operations: reads, factsJudged: reads }
  if (reads === 0) return unknownVerdict(name, 'no serializable read was answered')
  const all = checkOperations(input, limits)
  if (all.verdict !== 'invalid') {
    const { verdict, reason } = all
    return { checker: name, verdict, ...counts, ...(reason !== undefined && { reason }) }
  }
  const rest = checkEtcd(withoutOperations(history, isSerializable), limits)
  if (rest.verdict === 'valid') {
    const { reason = '', evidence = {} } = all
    const violation = { code: 'no-such-state', reason, evidence, ...counts } as const
    return invalidVerdict<(typeof codes)[number]>(name, violation)
  }
  const why = rest.verdict === 'invalid' ? 'are not linearizable' : 'are undecided'
  const reason = `the operations besides the serializable reads ${why}: no state to compare with`
  return unknownVerdict(name, reason, counts)
}

function isAnsweredRead({ outcome, invoke, completion }: Operation): boolean {
  const { value, revision, count } = completion ?? {}
  const asserts = [value, revision, count].some((fact) => fact !== undefined)
  return outcome === 'ok' && asserts && isSerializable(invoke)
}

function isSerializable(invoke: OperationEvent): boolean {
  return invoke.f !== 'txn' && mayBeStale(invoke)
}
