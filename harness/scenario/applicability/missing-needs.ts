import type { CapabilityFound } from '../../run-record/run-record.ts'
import { isOn } from '../../topology/option-values.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { DeclaredFault, Scenario } from '../scenario.ts'

/**
 * Why a scenario with these faults cannot run here: a capability that one of them needs was looked
 * for and is missing. A capability that was not looked for, as outside of a run, is unknown, not
 * missing. Undefined when nothing is missing.
 */
export function missingCapability(
  faults: readonly DeclaredFault[],
  capabilities: readonly CapabilityFound[],
): string | undefined {
  const needed = new Set(faults.flatMap(({ needs }) => needs.capabilities ?? []))
  const missing = capabilities.find(({ name, available }) => !available && needed.has(name))
  return missing && `this machine has no ${missing.name}: ${missing.detail}`
}

/** Why a fault would show nothing on members that never wait for their disk, if so. */
export function missingFsync(
  faults: readonly DeclaredFault[],
  spec: ClusterSpec,
): string | undefined {
  const slowed = faults.find(({ needs }) => needs.fsync)
  if (slowed === undefined || !isUnsynced(spec)) return undefined
  return `with ${unsynced} members do not wait for their disk, which ${slowed.name} slows down`
}

/** Why a fault would have no target: it is aimed at doors, and the cluster has none. */
export function missingDoors(
  faults: readonly DeclaredFault[],
  { door }: Pick<ClusterSpec, 'door'>,
): string | undefined {
  const aimed = door === undefined ? faults.find(({ needs }) => needs.doors) : undefined
  return aimed && `clients connect to the members here: ${aimed.name} needs doors between them`
}

const unsynced = 'unsafe-no-fsync'

/** Whether some member never waits for its disk. */
export function isUnsynced(spec: ClusterSpec): boolean {
  return isOn(spec, unsynced)
}

/** Why the cluster is too small for the scenario and its faults, if so. */
export function missingMembers(
  { faults, minMembers = 1 }: Pick<Scenario, 'faults' | 'minMembers'>,
  { members }: Pick<ClusterSpec, 'members'>,
): string | undefined {
  const least = Math.max(minMembers, ...faults.map(({ needs }) => needs.minMembers ?? 1))
  if (members.length >= least) return undefined
  return `the scenario needs ${least} members or more, and the cluster has ${members.length}`
}
