import type { Effect, Proof } from '../core/effect.ts'
import type { FaultEvent, HistoryEvent } from './operations.ts'

/** A fault from its begin to its end. */
export interface FaultWindow {
  readonly name: string
  /** Undefined in histories from before effects were recorded. */
  readonly effect: Effect | undefined
  readonly targets: readonly string[]
  /** What was measured while it was in force; none without a probe or an end. */
  readonly proof?: Proof | undefined
  readonly beginNs: number
  /** Infinity when the history ends before the fault does. */
  readonly endNs: number
}

/**
 * Joins begin and end of every fault, in the order of the begins. Faults of one name and the same
 * targets that overlap end in the order in which they began.
 */
export function faultWindows(events: readonly HistoryEvent[]): FaultWindow[] {
  const windows: { -readonly [Field in keyof FaultWindow]: FaultWindow[Field] }[] = []
  const open = new Map<string, typeof windows>()
  for (const event of events) {
    if (event.type !== 'fault') continue
    const { name, phase, effect, targets, timeNs, proof } = event as FaultEvent
    const id = JSON.stringify([name, [...targets].sort()])
    const begun = open.get(id) ?? []
    open.set(id, begun)
    if (phase === 'end') {
      const window = begun.shift()
      if (window !== undefined) Object.assign(window, { endNs: timeNs, proof })
      continue
    }
    const window = { name, effect, targets, beginNs: timeNs, endNs: Infinity }
    windows.push(window)
    begun.push(window)
  }
  return windows
}
