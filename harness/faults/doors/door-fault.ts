import type { Cluster, Door } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import type { ProbeMembers } from '../compare-readings.ts'
import type { Fault, FaultNeeds, Undo } from '../fault.ts'

interface FaultOnDoors extends Omit<Fault, 'inject' | 'probe' | 'needs'> {
  readonly needs?: Omit<FaultNeeds, 'doors'>
  readonly inject: (cluster: Cluster, targets: readonly Door[]) => Promise<Undo>
  readonly probe: ProbeMembers<Door>
}

/** A fault whose targets are doors, by their names. It rejects, with an InputError, what is none. */
export function doorFault({ needs, ...fault }: FaultOnDoors): Fault {
  const targetsOf = (cluster: Cluster, names: readonly string[]) => {
    const targets = [...new Set(names)].map((name) => cluster.door(name))
    if (targets.length > 0) return targets
    throw new InputError(`Expected ${fault.name} to get a door, got none`)
  }
  return {
    ...fault,
    needs: { ...needs, doors: true },
    probe: async (cluster, names) => fault.probe(cluster, targetsOf(cluster, names)),
    inject: async (cluster, names) => fault.inject(cluster, targetsOf(cluster, names)),
  }
}
