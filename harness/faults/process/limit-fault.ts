import type { MemberLimits } from '../../cluster/member/settings.ts'
import type { Member } from '../../cluster/types.ts'
import type { FaultOnMembers } from '../define-fault.ts'
import { startIfDown } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { processFault } from './process-fault.ts'

export interface LimitFault
  extends Pick<FaultOnMembers, 'name' | 'description' | 'probe' | 'exits'> {
  readonly capability: string
  readonly limit: (member: Member) => Promise<void>
  /** The limits that the member had before. */
  readonly formerLimits: (member: Member) => MemberLimits
}

/** A fault that starves the process; undo gives back what it had, and starts it if it is gone. */
export function limitFault(fault: LimitFault): Fault {
  const { name, description, capability, limit, formerLimits, probe, exits = false } = fault
  return processFault({
    name,
    description,
    effect: 'degrades',
    exits,
    isGradual: true,
    needs: { capabilities: [capability] },
    probe,
    harm: limit,
    heal: async (member, cluster) => {
      if (!cluster.members.includes(member)) return
      await member.limit(formerLimits(member))
      await startIfDown(cluster, member)
    },
  })
}
