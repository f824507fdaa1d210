import { joinRequests, operations } from '../../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../../history/logs/lease.ts'
import { classOf, type OperationClass } from '../../history/operation-class.ts'
import type { History, Outcome } from '../../history/operations.ts'
import { isRequest, nameOfAddressee } from '../../history/request.ts'

/** One request as its client saw it. */
export interface Attempt {
  readonly requestClass: OperationClass
  /** What it asked for, such as `delete`. */
  readonly kind: string
  /** Or the door that its client uses instead; empty in histories that name neither. */
  readonly member: string
  /** When the workload's plan wanted it sent; equal to `sentNs` unless the generator was late. */
  readonly dueNs: number
  readonly sentNs: number
  /** Infinity when it was never answered. */
  readonly endNs: number
  readonly outcome: Outcome
  /** Why it was not served; empty when it was. */
  readonly error: string
}

/**
 * Every request of the clients, in the order in which they were sent. Where these come through doors, what
 * a drill itself asks of the members is none of them.
 */
export function attemptsOf(history: Pick<History, 'events'>): Attempt[] {
  const requests = operations(history).filter(({ invoke }) => isRequest(invoke))
  const throughDoors = requests.filter(({ invoke }) => invoke.door !== undefined)
  return (throughDoors.length > 0 ? throughDoors : requests).map(
    ({ invoke, completion, outcome }) => ({
      requestClass: classOf(invoke),
      kind: invoke.f,
      member: nameOfAddressee(invoke),
      dueNs: invoke.timeNs - (invoke.lateNs ?? 0),
      sentNs: invoke.timeNs,
      endNs: completion?.timeNs ?? Number.POSITIVE_INFINITY,
      outcome,
      error: completion?.error ?? (outcome === 'ok' ? '' : 'no answer'),
    }),
  )
}

/** The requests about leases. They are no part of an outage: a client notices one at its writes. */
export function leaseAttemptsOf(log: Pick<LeaseLog, 'entries'> | undefined): Attempt[] {
  const { entries = [] } = log ?? {}
  return joinRequests<LeaseInvocation, LeaseCompletion>(entries).map(
    ({ invoke, completion, outcome }) => ({
      requestClass: 'write',
      kind: `lease-${invoke.f}`,
      member: nameOfAddressee(invoke),
      dueNs: invoke.timeNs,
      sentNs: invoke.timeNs,
      endNs: completion?.timeNs ?? Number.POSITIVE_INFINITY,
      outcome,
      error: completion?.error ?? (outcome === 'ok' ? '' : 'no answer'),
    }),
  )
}
