import type { SavedHistory } from '../read/history.ts'
import type { TimeAxis } from './clock.ts'
import type { MemberState } from './lanes.ts'

export interface FaultWindow {
  readonly name: string
  readonly targets: readonly string[]
  readonly fromS: number
  readonly toS: number
}

const statesByFault: readonly [pattern: RegExp, state: MemberState][] = [
  [/paus|freez|frozen|suspend/i, 'paused'],
  [/kill|stop|crash|restart|remov|wipe/i, 'down'],
  [/partition|isolat|cut|split|flap|drop|one-way|deaf|mute/i, 'isolated'],
]

/** What a fault of this name does to its target; any other (slow, full, starved) degrades it. */
export function stateOfFault(name: string): MemberState {
  return statesByFault.find(([pattern]) => pattern.test(name))?.[1] ?? 'degraded'
}

/** Joins begin and end by name and targets; one never ended lasts to the end of the axis. */
export function faultWindows(history: SavedHistory, axis: TimeAxis): FaultWindow[] {
  const windows: { name: string; targets: readonly string[]; fromS: number; toS: number }[] = []
  const open = new Map<string, (typeof windows)[number]>()
  for (const { name, phase, targets, timeNs } of history.faults) {
    const key = JSON.stringify([name, [...targets].sort()])
    if (phase === 'begin') {
      const window = { name, targets, fromS: axis.seconds(timeNs), toS: axis.lengthS }
      windows.push(window)
      open.set(key, window)
      continue
    }
    const window = open.get(key)
    if (window !== undefined) window.toS = axis.seconds(timeNs)
    open.delete(key)
  }
  return windows
}
