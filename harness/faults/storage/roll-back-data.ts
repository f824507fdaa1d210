import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { Fault } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

export interface RollbackOptions {
  /** How many entries the member accepts and then forgets, at least. Default 1. */
  readonly entries?: number
  /** For these entries to come: clients have to write. Default 30,000. */
  readonly deadlineMs?: number
}

/**
 * The member gets a copy of its data from before: what a disk image restored by its host does. The
 * copy is taken of the stopped member, which then runs until it has accepted more.
 */
export function rollBackData({ entries = 1, deadlineMs = 30_000 }: RollbackOptions = {}): Fault {
  return damageFault({
    name: 'roll-back-data',
    description: `puts back a copy of the data directory that is ${entries} or more entries behind`,
    prepare: (cluster, member) => keepCopy(cluster, member, { entries, deadlineMs }),
    end: 'kill',
    damage: (cluster, member) =>
      runOnData(cluster, member, toolboxProgram('roll-back-data.py', member.dataDirectory)),
  })
}

async function keepCopy(
  cluster: Cluster,
  member: Member,
  { entries, deadlineMs }: Required<RollbackOptions>,
): Promise<void> {
  const { raftIndex: before } = await member.status()
  await member.stop()
  const copying = toolboxProgram('keep-copy.py', member.dataDirectory)
  await runOnData(cluster, member, copying).finally(() => member.start())
  await poll(
    async () => {
      const { raftIndex } = await member.status()
      const ahead = raftIndex - before
      return ahead >= entries ? done(undefined) : notYet(`${ahead} more entries`)
    },
    { what: `${member.name} to accept ${entries} entries after its copy`, deadlineMs },
  )
}
