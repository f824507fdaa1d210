import type { Cluster, Member } from '../../cluster/types.ts'
import { defineFault, forAll, idempotentUndo, injectOrUndo } from '../define.ts'
import type { Fault } from '../fault.ts'
import { rebuild } from '../membership/membership.ts'
import { tolerateExit } from '../recreate-fault.ts'

export interface DamageFault {
  readonly name: string
  readonly description: string
  /** While all is still well; when it fails nothing is rebuilt. */
  readonly prepare?: (cluster: Cluster, member: Member) => Promise<void>
  /** How the process ends before: `kill` leaves the files as they are at that moment. */
  readonly end: 'kill' | 'stop'
  /** Works on the data while the member is down; says in a line what it did. */
  readonly damage: (cluster: Cluster, member: Member) => Promise<string>
  /** The default starts it as it was. It may end by itself at once: that is what is tested. */
  readonly restart?: (member: Member) => Promise<void>
}

/**
 * A fault that spoils the data of a minority, for good: what a member answers from it afterwards,
 * or whether it starts at all, is etcd's to decide. Putting the old files back would take back
 * what the member has promised since, so undo replaces it by a new member with an empty disk.
 */
export function damageFault(fault: DamageFault): Fault {
  const { name, description, end, damage } = fault
  const restart = fault.restart ?? ((member) => member.start())
  return defineFault({
    name,
    description: `${description}; undo rebuilds the member from the others`,
    needs: { targets: 'minority', minMembers: 3, volume: 'disk' },
    destroysData: true,
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
