import type { FaultWindow } from '../../history/fault-windows.ts'

/** What may have kept a leader from learning that another one leads, and when new ones were seen. */
export interface LeadersAndFaults {
  readonly faults: readonly FaultWindow[]
  readonly leaders: readonly NewLeader[]
}

/** Another member was seen to lead. */
export interface NewLeader {
  readonly atNs: number
  /** The member that led before; undefined = not known. */
  readonly former: string | undefined
}

/** A revoke that a stalled member is about to ask for is decided, or given up, so long after. */
const afterStallNs = 7e9

/**
 * Whether a leader that was stalled may have come back between the two moments, and revoked leases
 * that had expired by its own count while another member led: it asks before it learns of that, and
 * its request is passed on to the new leader. etcd narrowed this in 3.4.31 and 3.5.13 (issue 15247)
 * and left the rest (pull request 16822). Without another leader since the stall began there is no
 * such request: a member that leads all the time, stalled or not, has counted every renewal itself.
 * Nor is there one where another member led than the stalled one, or where the lease was granted
 * when the new leader had already been seen: the former one never led while it existed.
 */
export function mayStaleLeaderRevoke(
  { faults, leaders }: LeadersAndFaults,
  { grantedNs, fromNs, toNs }: LeaseSpan,
): boolean {
  const isReplaced = ({ beginNs, targets }: FaultWindow) =>
    leaders.some(({ atNs, former }) => {
      const isInTime = Math.max(beginNs, grantedNs) <= atNs && atNs <= toNs + beforeLeaderNs
      return isInTime && (former === undefined || targets.includes(former))
    })
  return faults.some(
    (fault) =>
      mayStall(fault.effect) &&
      fault.beginNs <= toNs &&
      fromNs <= fault.endNs + afterStallNs &&
      isReplaced(fault),
  )
}

/** When a lease was first requested, and when it should have been kept. */
interface LeaseSpan {
  readonly grantedNs: number
  readonly fromNs: number
  readonly toNs: number
}

/** A fault of unknown effect may have been any. */
function mayStall(effect: FaultWindow['effect']): boolean {
  return effect === undefined || effect === 'stalls' || effect === 'degrades'
}

/** A leader that was lost while no fault was in force, nor shortly before, was stalled by the machine. */
export function unexplainedStalls(
  leaders: readonly NewLeader[],
  faults: readonly FaultWindow[],
): FaultWindow[] {
  const isExplained = (atNs: number) =>
    faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs + beforeLeaderNs)
  return leaders
    .filter(({ atNs }) => !isExplained(atNs))
    .map(({ atNs: endNs, former }) => ({
      name: 'unexplained-stall',
      effect: 'stalls',
      beginNs: endNs - beforeLeaderNs,
      endNs,
      targets: former === undefined ? [] : [former],
    }))
}

/** An election, and the time until it is seen. */
const beforeLeaderNs = 5e9
