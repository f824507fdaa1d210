import { joinRequests, operations } from '../../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../../history/logs/lease.ts'
import { classOf, type OperationClass } from '../../history/operation-class.ts'
import type { History, Outcome } from '../../history/operations.ts'
import { isRequest } from '../../history/request.ts'

/** One request as its client saw it. */
export interface Attempt {
  readonly requestClass: OperationClass
  /** What it asked for, such as `delete`. */
  readonly kind: string
  /** Empty in histories that name no member. */
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

/** Every request of the clients, in the order in which they were sent. */
export function attemptsOf(history: Pick<History, 'events'>): Attempt[] {
  return operations(history)
    .filter(({ invoke }) => isRequest(invoke))
    .map(({ invoke, completion, outcome }) => ({
      requestClass: classOf(invoke),
      kind: invoke.f,
      member: invoke.member ?? '',
      dueNs: invoke.timeNs - (invoke.lateNs ?? 0),
      sentNs: invoke.timeNs,
      endNs: completion?.timeNs ?? Number.POSITIVE_INFINITY,
      outcome,
      error: completion?.error ?? (outcome === 'ok' ? '' : 'no answer'),
    }))
}

/** The requests about leases. They are no part of an outage: a client notices one at its writes. */
export function leaseAttemptsOf({ entries }: Pick<LeaseLog, 'entries'>): Attempt[] {
  return joinRequests<LeaseInvocation, LeaseCompletion>(entries).map(
    ({ invoke, completion, outcome }) => ({
      requestClass: 'write',
      kind: `lease-${invoke.f}`,
      member: invoke.member,
      dueNs: invoke.timeNs,
      sentNs: invoke.timeNs,
      endNs: completion?.timeNs ?? Number.POSITIVE_INFINITY,
      outcome,
      error: completion?.error ?? (outcome === 'ok' ? '' : 'no answer'),
    }),
  )
}
