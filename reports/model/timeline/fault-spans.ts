import type { Effect, Proof } from '../../../harness/core/effect.ts'
import { faultWindows } from '../../../harness/history/fault-windows.ts'
import type { SavedHistory } from '../../read/history.ts'
import type { MemberState } from './member-state.ts'
import type { TimeAxis } from './time-axis.ts'

/** A fault window on the axis of a report. */
export interface FaultSpan {
  readonly name: string
  readonly effect: Effect | undefined
  readonly targets: readonly string[]
  readonly proof?: Proof | undefined
  readonly fromS: number
  readonly toS: number
}

const stateByEffect: Readonly<Record<Effect, MemberState>> = {
  stops: 'down',
  removes: 'down',
  stalls: 'paused',
  cuts: 'isolated',
  degrades: 'degraded',
  damages: 'degraded',
  changes: 'up',
}

/** What a fault of this effect does to its target; one of unknown effect degrades it. */
export function stateOfEffect(effect: Effect | undefined): MemberState {
  return effect === undefined ? 'degraded' : stateByEffect[effect]
}

/** Faults as spans on the axis; a fault without an end lasts to the axis's end. */
export function faultSpans({ faults }: SavedHistory, axis: TimeAxis): FaultSpan[] {
  return faultWindows(faults).map(({ beginNs, endNs, ...fault }) => ({
    ...fault,
    fromS: axis.seconds(beginNs),
    toS: Number.isFinite(endNs) ? axis.seconds(endNs) : axis.lengthS,
  }))
}
