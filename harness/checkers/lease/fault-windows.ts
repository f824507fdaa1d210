import type { FaultEvent, History } from '../../history/operations.ts'

/** While a fault was in force. */
export interface Window {
  readonly name: string
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

function windowOf({ name, timeNs, targets }: FaultEvent, endNs: number): Window {
  return { name, beginNs: timeNs, endNs, targets }
}

/** What may have kept a leader from knowing that it is one no more, and when new ones were seen. */
export interface LeadersAndFaults {
  readonly faults: readonly Window[]
  readonly leadersNs: readonly number[]
}

/** A revoke that a stalled member is about to ask for is decided, or given up, so long after. */
const afterStallNs = 7e9

/**
 * Whether a leader that was stalled may have come back between the two moments, and revoked what had
 * expired in its own eyes while another one led: it asks before it hears of that, and its request is
 * passed on to the new leader. etcd narrowed this in 3.4.31 and 3.5.13 (issue 15247) and left the
 * rest (pull request 16822). Without another leader since the stall began there is nothing to come
 * back to: who leads all the time, stalled or not, has counted every renewal itself.
 */
export function mayStaleLeaderRevoke(
  { faults, leadersNs }: LeadersAndFaults,
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
): boolean {
  const isReplaced = (sinceNs: number) =>
    leadersNs.some((atNs) => sinceNs <= atNs && atNs <= toNs + beforeLeaderNs)
  return faults.some(
    ({ name, beginNs, endNs }) =>
      /pause|slow|limit/.test(name) &&
      beginNs <= toNs &&
      fromNs <= endNs + afterStallNs &&
      isReplaced(beginNs),
  )
}

/** A leader that was lost though no fault was on anybody lately was stalled by the machine itself. */
export function unexplainedStalls(
  leadersNs: readonly number[],
  faults: readonly Window[],
): Window[] {
  const isExplained = (atNs: number) =>
    faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs + beforeLeaderNs)
  return leadersNs
    .filter((atNs) => !isExplained(atNs))
    .map((endNs) => ({ name: 'pause', beginNs: endNs - beforeLeaderNs, endNs, targets: [] }))
}

/** An election, and the time until it is seen. */
const beforeLeaderNs = 5e9
