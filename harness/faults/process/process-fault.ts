import type { Cluster, Member } from '../../cluster/types.ts'
import {
  defineFault,
  type FaultOnMembers,
  forAll,
  idempotentUndo,
  injectOrUndo,
  startIfDown,
} from '../define-fault.ts'
import type { Fault, FaultNeeds } from '../fault.ts'

type OnMember = (member: Member, cluster: Cluster) => Promise<void>

export interface ProcessFault
  extends Pick<
    FaultOnMembers,
    'name' | 'description' | 'effect' | 'isGradual' | 'probe' | 'exits'
  > {
  readonly needs?: FaultNeeds
  readonly harm: OnMember
  /** Default: starts the process when it does not run. */
  readonly heal?: OnMember
}

/** A fault of the targets' processes, at all of them at the same moment. */
export function processFault(fault: ProcessFault): Fault {
  const { harm, needs = {}, heal = startAgain, ...rest } = fault
  return defineFault({
    ...rest,
    needs,
    inject: (cluster, targets) =>
      injectOrUndo(
        () => forAll(targets, (member) => harm(member, cluster)),
        idempotentUndo(async () => {
          await forAll(targets, (member) => heal(member, cluster))
        }),
      ),
  })
}

const startAgain: OnMember = (member, cluster) => startIfDown(cluster, member)
