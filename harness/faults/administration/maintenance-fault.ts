import type { Cluster, Member } from '../../cluster/types.ts'
import { defineFault, FaultError, type FaultOnMembers, nothingToUndo } from '../define-fault.ts'
import type { Fault, FaultNeeds } from '../fault.ts'

export interface MaintenanceFault
  extends Pick<FaultOnMembers, 'name' | 'description' | 'effect' | 'compacts' | 'probe'> {
  readonly needs?: FaultNeeds
  /** Returns what it did where that is not plain from the name. */
  readonly act: (member: Member, cluster: Cluster) => Promise<string | undefined>
}

/** Acts on one target after another, as an administrator does, once: there is nothing to undo. */
export function maintenanceFault({ act, needs = {}, ...rest }: MaintenanceFault): Fault {
  return defineFault({
    ...rest,
    needs,
    inject: async (cluster, targets) => {
      const details: string[] = []
      for (const member of targets) {
        const detail = await act(member, cluster)
        if (detail !== undefined) details.push(`${member.name}: ${detail}`)
      }
      return nothingToUndo(details.length === 0 ? undefined : details.join('; '))
    },
  })
}

/** What etcdctl printed. Throws a FaultError when it fails. */
export async function runEtcdctl(member: Member, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await member.etcdctl(args)
  if (exitCode === 0) return stdout.trim()
  const said = (stderr || stdout).trim().split('\n').at(-1) ?? ''
  throw new FaultError(`Expected etcdctl ${args.join(' ')} at ${member.name} to work, got: ${said}`)
}
