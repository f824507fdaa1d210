import { operations } from '../history/join.ts'
import type { History, HistoryEvent, OperationEvent } from '../history/operations.ts'
import { mayBeStale } from '../history/stale.ts'
import type { Checker, CheckLimits, Verdict } from './checker.ts'
import { checkEtcd } from './etcd-linearizability.ts'
import { invalidVerdict } from './verdict/invalid.ts'

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
  check: ({ history }, limits) => checkSerializable(history, limits),
}

function checkSerializable(history: History, limits?: CheckLimits): Verdict {
  const reads = history.events.filter(isSerializableInvoke).length
  if (reads === 0) {
    const reason = 'no serializable read was made'
    return { checker: name, verdict: 'valid', reason, operations: 0 }
  }
  const all = checkEtcd(history, limits)
  if (all.verdict !== 'invalid') {
    const { verdict, reason } = all
    return { checker: name, verdict, operations: reads, ...(reason !== undefined && { reason }) }
  }
  const rest = checkEtcd(withoutSerializable(history), limits)
  if (rest.verdict === 'valid') {
    const { reason = '', evidence = {} } = all
    const violation = { code: 'no-such-state', reason, evidence, operations: reads } as const
    return invalidVerdict<(typeof codes)[number]>(name, violation)
  }
  const why = rest.verdict === 'invalid' ? 'are not linearizable' : 'are undecided'
  const reason = `the operations besides the serializable reads ${why}: no state to compare with`
  return { checker: name, verdict: 'unknown', reason, operations: reads }
}

function isSerializableInvoke(event: HistoryEvent): boolean {
  return event.type === 'invoke' && event.f !== 'txn' && mayBeStale(event as OperationEvent)
}

/** The reads become faults without a name, so that event indexes stay those of the whole history. */
function withoutSerializable(history: History): History {
  const reads = operations(history).filter(({ invoke }) => isSerializableInvoke(invoke))
  const left = new Set<HistoryEvent | undefined>(
    reads.flatMap(({ invoke, completion }) => [invoke, completion]),
  )
  const events = history.events.map((event): HistoryEvent => {
    if (!left.has(event)) return event
    return { type: 'fault', name: '', phase: 'begin', targets: [], timeNs: event.timeNs }
  })
  return { header: history.header, events }
}
