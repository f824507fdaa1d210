import type { Cluster, Member } from '../../cluster/types.ts'
import type { Effect } from '../../core/effect.ts'
import {
  defineFault,
  type FaultOnMembers,
  forAll,
  idempotentUndo,
  injectOrUndo,
} from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { rebuild } from '../membership/rebuild.ts'
import { tolerateExit } from '../recreate-fault.ts'
import { probeDamage } from './probe-damage.ts'

export interface DamageFault extends Pick<FaultOnMembers, 'name' | 'description'> {
  /** Default: `damages`. */
  readonly effect?: Effect
  /** While all is still well; when it fails nothing is rebuilt. */
  readonly prepare?: (cluster: Cluster, member: Member) => Promise<void>
  /** How the process exits before the damage: `kill` leaves the files as they are at that moment. */
  readonly end: 'kill' | 'stop'
  /**
   * Runs a program of the toolbox on the data while the member is down. It records the damage there
   * and prints in a line what it did.
   */
  readonly damage: (cluster: Cluster, member: Member) => Promise<string>
  /** The default starts it as it was. It may exit at once: that is what is tested. */
  readonly restart?: (member: Member) => Promise<void>
}

/**
 * A fault that damages the data of a minority, for good: what a member answers from it afterwards,
 * or whether it starts at all, is etcd's to decide. The old files would take back what the member
 * has promised since, so undo replaces it by a new member with an empty disk.
 */
export function damageFault(fault: DamageFault): Fault {
  const { name, description, effect = 'damages', end, damage } = fault
  const restart = fault.restart ?? ((member) => member.start())
  return defineFault({
    name,
    description: `${description}; undo rebuilds the member from the others`,
    effect,
    needs: { targets: 'minority', minMembers: 3, volume: 'disk' },
    probe: probeDamage,
    destroysData: true,
    exits: true,
    inject: async (cluster, targets) => {
      await forAll(targets, async (member) => fault.prepare?.(cluster, member))
      const done: string[] = []
      const undo = idempotentUndo(async () => {
        for (const member of targets) await rebuild(cluster, member)
      })
      await injectOrUndo(
        () =>
          forAll(targets, async (member) => {
            await member[end]()
            done.push(`${member.name}: ${await damage(cluster, member)}`)
            await tolerateExit(restart(member))
          }),
        undo,
      )
      return Object.assign(undo, { detail: done.sort().join('; ') })
    },
  })
}
