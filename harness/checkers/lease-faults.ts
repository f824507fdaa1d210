import type { FaultEvent, History } from '../history/operations.ts'

/** While a fault was in force. */
export interface Window {
  readonly beginNs: number
  /** Infinity = to the end. */
  readonly endNs: number
  readonly targets: readonly string[]
}

/** Faults of one name and the same targets that overlap end in the order in which they began. */
export function faultWindows({ events }: History): Window[] {
  const open = new Map<string, FaultEvent[]>()
  const windows: Window[] = []
  for (const event of events) {
    if (event.type !== 'fault') continue
    const fault = event as FaultEvent
    // What a checker of the chain before this one took out of the history.
    if (fault.name === '') continue
    const id = JSON.stringify([fault.name, fault.targets])
    const begun = open.get(id) ?? []
    open.set(id, begun)
    if (fault.phase === 'begin') {
      begun.push(fault)
      continue
    }
    const begin = begun.shift()
    if (begin !== undefined) windows.push(windowOf(begin, fault.timeNs))
  }
  for (const begin of [...open.values()].flat()) windows.push(windowOf(begin, Infinity))
  return windows
}

function windowOf({ timeNs, targets }: FaultEvent, endNs: number): Window {
  return { beginNs: timeNs, endNs, targets }
}
