import { nsPerMs } from '../../core/clock.ts'
import type { OperationClass } from '../../history/operation-class.ts'
import type { ServiceRow } from '../../run-record/run-record.ts'
import type { Attempt } from './attempts.ts'
import { type Phase, type Phases, phaseOf } from './phases.ts'

/** As run.json names the classes of requests. */
export const classNames = {
  write: 'writes',
  'linearizable-read': 'reads',
  'serializable-read': 'serializable-reads',
} as const satisfies Record<OperationClass, ServiceRow['of']>

const classes = Object.keys(classNames) as OperationClass[]
const order: readonly Phase[] = ['before', 'during', 'after']

/**
 * How requests were served, by phase and class: of all clients, then of those of each member where
 * there are several.
 * Latencies are those of the requests that succeeded, from the time at which they were due.
 */
export function measureService(attempts: readonly Attempt[], phases: Phases): ServiceRow[] {
  const byPhase = Map.groupBy(attempts, (attempt) => phaseOf(attempt, phases))
  return order.flatMap((phase) =>
    classes.flatMap((requestClass) => {
      const own = (byPhase.get(phase) ?? []).filter((each) => each.requestClass === requestClass)
      if (own.length === 0) return []
      const of = { phase, of: classNames[requestClass] }
      const members = [...Map.groupBy(own, ({ member }) => member)].sort(([one], [other]) =>
        one < other ? -1 : 1,
      )
      const rows = members.map(([member, its]) => ({ ...of, member, ...countServed(its) }))
      return [{ ...of, ...countServed(own) }, ...(rows.length > 1 ? rows : [])]
    }),
  )
}

function countServed(attempts: readonly Attempt[]) {
  const count = (wanted: Attempt['outcome']) =>
    attempts.filter(({ outcome }) => outcome === wanted).length
  const latencies = latenciesMs(attempts, 'dueNs')
  return {
    requests: attempts.length,
    served: count('ok'),
    failed: count('fail'),
    unknown: count('info'),
    p50Ms: quantileOf(latencies, 0.5),
    p99Ms: quantileOf(latencies, 0.99),
  }
}

/** Latencies of the requests that succeeded, from when they were due or sent, in ascending order. */
export function latenciesMs(attempts: readonly Attempt[], since: 'dueNs' | 'sentNs'): number[] {
  return attempts
    .filter(({ outcome }) => outcome === 'ok')
    .map((attempt) => (attempt.endNs - attempt[since]) / nsPerMs)
    .sort((one, other) => one - other)
}

/** By the nearest rank, to a tenth; null of nothing. */
export function quantileOf(ascending: readonly number[], share: number): number | null {
  const value = ascending[Math.ceil(ascending.length * share) - 1]
  return value === undefined ? null : Math.round(value * 10) / 10
}
