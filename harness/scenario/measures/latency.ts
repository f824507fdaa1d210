import type { OperationClass } from '../../history/operation-class.ts'
import type { Attempt } from './attempts.ts'
import type { Bounds } from './bounds.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'
import { latenciesMs, quantileOf } from './service.ts'
import { isBusy } from './stalls.ts'

/** Median and 99th percentile of the requests that succeeded while no fault was in force. */
const names = {
  write: [
    ['writeP50Ms', 0.5],
    ['writeP99Ms', 0.99],
  ],
  'linearizable-read': [
    ['readP50Ms', 0.5],
    ['readP99Ms', 0.99],
  ],
  'serializable-read': [['serializableReadP50Ms', 0.5]],
} as const satisfies Record<OperationClass, unknown>

/** The median of the clients of the member that serves its own most slowly, before or after the faults. */
const ofMembers = {
  write: 'memberWriteP50Ms',
  'linearizable-read': 'memberReadP50Ms',
  'serializable-read': 'memberSerializableReadP50Ms',
} as const satisfies Record<OperationClass, string>

/** The median of fewer requests is no member's, and no kind's: they may all have met one stall. */
const fewRequests = 20

export interface MeasuredLatency {
  /** From the time at which each request was due; null where none succeeded. */
  readonly measures: Readonly<Record<string, number | null>>
  /** At least from the time at which it was sent; at least nothing on a machine that was busy. */
  readonly bounds: Bounds
}

/** Without a proof of a steady state there is nothing to measure. */
export function measureLatency(
  drill: Pick<ServedDrill, 'attempts' | 'leaseAttempts' | 'phases' | 'timers'>,
): MeasuredLatency {
  const { attempts, leaseAttempts, phases, timers } = drill
  const isSteady = (attempt: Attempt) => {
    const phase = phaseOf(attempt, phases)
    return phase === 'before' || phase === 'after'
  }
  const steady = attempts.filter(isSteady)
  const measures: Record<string, number | null> = {}
  const bounds: Record<string, Bounds[string]> = {}
  const note = (name: string, own: readonly Attempt[], share: number) => {
    const most = quantileOf(latenciesMs(own, 'dueNs'), share)
    const least = quantileOf(latenciesMs(own, 'sentNs'), share)
    measures[name] = most
    if (least === null) return
    const why = 'this machine sent its requests late'
    bounds[name] = { least: isBusy(own, timers) ? 0 : least, most, why }
  }
  for (const [requestClass, quantiles] of Object.entries(names)) {
    const own = steady.filter((attempt) => attempt.requestClass === requestClass)
    if (own.length === 0) continue
    for (const [name, share] of quantiles) note(name, own, share)
    const name = ofMembers[requestClass as keyof typeof ofMembers]
    note(
      name,
      slowestOf(own, drill, ({ member }) => member),
      0.5,
    )
  }
  if (steady.length > 0) {
    const all = [...steady, ...leaseAttempts.filter(isSteady)]
    const slowest = slowestOf(all, drill, ({ kind }) => kind)
    note('slowestKindP50Ms', slowest, 0.5)
  }
  return { measures, bounds }
}

/**
 * The requests of the group and phase with the highest median; all of them where none has enough. The
 * proof of a steady state after a fault holds for each member, also for those that the fault was aimed at:
 * it has served a linearizable read, and so has caught up.
 */
function slowestOf(
  attempts: readonly Attempt[],
  { phases }: Pick<ServedDrill, 'phases'>,
  groupOf: (attempt: Attempt) => string,
): readonly Attempt[] {
  const groups = [
    ...Map.groupBy(attempts, (each) => `${groupOf(each)} ${phaseOf(each, phases)}`).values(),
  ]
  const medianOf = (each: readonly Attempt[]) => quantileOf(latenciesMs(each, 'sentNs'), 0.5) ?? 0
  const [slowest] = groups
    .filter((each) => each.filter(({ outcome }) => outcome === 'ok').length >= fewRequests)
    .sort((one, other) => medianOf(other) - medianOf(one))
  return slowest ?? attempts
}
