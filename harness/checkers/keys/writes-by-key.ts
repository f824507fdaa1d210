import type { CompiledHistory } from '../etcd/compile/history.ts'
import type { BranchStep, EtcdOp, Value } from '../etcd/operation.ts'
import { doesWrite } from '../etcd/slots.ts'

/** One way in which an operation may have left a key. */
export interface KeyWrite {
  readonly op: EtcdOp
  /** null = deleted. */
  readonly value: Value
  /** -1 = unknown. */
  readonly revision: number
  /** It certainly happened, and this way. */
  readonly isAcknowledged: boolean
}

/** By key, in the order of invocation. */
export function writesByKey({ ops, keys }: CompiledHistory): KeyWrite[][] {
  const writes = keys.map((): KeyWrite[] => [])
  for (const op of ops) {
    for (const { key, value, isCertain } of effectsOf(op)) {
      const isAcknowledged = op.isKnown && isCertain
      writes[key]?.push({ op, value, revision: op.isKnown ? op.revision : -1, isAcknowledged })
    }
  }
  return writes
}

interface Effect {
  readonly key: number
  readonly value: Value
  readonly isCertain: boolean
}

function effectsOf(op: EtcdOp): Effect[] {
  const does = doesWrite(op)
  if (op.f === 'get' || op.f === 'range' || (op.isKnown && does === false)) return []
  if (op.txn === undefined) {
    return [{ key: op.key, value: op.f === 'delete' ? null : op.value, isCertain: does === true }]
  }
  const { applied, txn } = op
  if (applied === undefined) {
    return [...effectsOfSteps(txn.onHold, undefined), ...effectsOfSteps(txn.onFail, undefined)].map(
      (effect) => ({ ...effect, isCertain: false }),
    )
  }
  return effectsOfSteps(applied ? txn.onHold : txn.onFail, txn.answers)
}

/** A delete that found nothing wrote nothing; one that does not say may have. */
function effectsOfSteps(
  steps: readonly BranchStep[],
  answers: readonly unknown[] | undefined,
): Effect[] {
  return steps.flatMap(({ f, key, value }, at): Effect[] => {
    if (f === 'get' || (f === 'delete' && answers?.[at] === 0)) return []
    if (f === 'put') return [{ key, value, isCertain: true }]
    return [{ key, value: null, isCertain: answers?.[at] === 1 }]
  })
}
