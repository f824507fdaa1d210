import type { OperationClass } from '../../history/operation-class.ts'
import type { Bounds } from './objectives.ts'
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
} as const satisfies Partial<Record<OperationClass, unknown>>

export interface MeasuredLatency {
  /** From the time at which each request was due; null where none succeeded. */
  readonly measures: Readonly<Record<string, number | null>>
  /** At least from the time at which it was sent; at least nothing on a machine that was busy. */
  readonly bounds: Bounds
}

/** Without a proof of a steady state there is nothing to measure. */
export function measureLatency({
  attempts,
  phases,
  timers,
}: Pick<ServedDrill, 'attempts' | 'phases' | 'timers'>): MeasuredLatency {
  const steady = attempts.filter((attempt) => {
    const phase = phaseOf(attempt, phases)
    return phase === 'before' || phase === 'after'
  })
  const measures: Record<string, number | null> = {}
  const bounds: Record<string, Bounds[string]> = {}
  for (const [requestClass, quantiles] of Object.entries(names)) {
    const own = steady.filter((attempt) => attempt.requestClass === requestClass)
    if (own.length === 0) continue
    const [sinceDue, sinceSent] = [latenciesMs(own, 'dueNs'), latenciesMs(own, 'sentNs')]
    for (const [name, share] of quantiles) {
      const most = quantileOf(sinceDue, share)
      const least = quantileOf(sinceSent, share)
      measures[name] = most
      if (least === null) continue
      const why = 'this machine sent its requests late'
      bounds[name] = { least: isBusy(own, timers) ? 0 : least, most, why }
    }
  }
  return { measures, bounds }
}
