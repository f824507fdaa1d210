import type { FaultWindow } from '../../history/fault-windows.ts'

/** What may have kept a leader from learning that another one leads, and when new ones were seen. */
export interface LeadersAndFaults {
  readonly faults: readonly FaultWindow[]
  readonly leadersNs: readonly number[]
}

/** A revoke that a stalled member is about to ask for is decided, or given up, so long after. */
const afterStallNs = 7e9

/**
 * Whether a leader that was stalled may have come back between the two moments, and revoked leases
 * that had expired by its own count while another member led: it asks before it learns of that, and
 * its request is passed on to the new leader. etcd narrowed this in 3.4.31 and 3.5.13 (issue 15247)
 * and left the rest (pull request 16822). Without another leader since the stall began there is no
 * such request: a member that leads all the time, stalled or not, has counted every renewal itself.
 */
export function mayStaleLeaderRevoke(
  { faults, leadersNs }: LeadersAndFaults,
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
): boolean {
  const isReplaced = (sinceNs: number) =>
    leadersNs.some((atNs) => sinceNs <= atNs && atNs <= toNs + beforeLeaderNs)
  return faults.some(
    ({ effect, beginNs, endNs }) =>
      mayStall(effect) && beginNs <= toNs && fromNs <= endNs + afterStallNs && isReplaced(beginNs),
  )
}

/** A fault of unknown effect may have been any. */
function mayStall(effect: FaultWindow['effect']): boolean {
  return effect === undefined || effect === 'stalls' || effect === 'degrades'
}

/** A leader that was lost while no fault was in force, nor shortly before, was stalled by the machine. */
export function unexplainedStalls(
  leadersNs: readonly number[],
  faults: readonly FaultWindow[],
): FaultWindow[] {
  const isExplained = (atNs: number) =>
    faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs + beforeLeaderNs)
  return leadersNs
    .filter((atNs) => !isExplained(atNs))
    .map((endNs) => ({
      name: 'unexplained-stall',
      effect: 'stalls',
      beginNs: endNs - beforeLeaderNs,
      endNs,
      targets: [],
    }))
}

/** An election, and the time until it is seen. */
const beforeLeaderNs = 5e9
