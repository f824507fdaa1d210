import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

const remove = {
  end: 'kill',
  damage: (cluster, member) =>
    runOnData(cluster, member, toolboxProgram('wipe-data.py', member.dataDirectory)),
} satisfies Pick<Parameters<typeof damageFault>[0], 'end' | 'damage'>

/** The data directory is gone and the member starts as if it and its cluster were new. */
export const wipe = damageFault({
  ...remove,
  name: 'data-wiped',
  description: 'removes the data directory and starts the member as if it were new',
  restart: (member) => member.recreate({ initialClusterState: 'new' }),
})

/**
 * The same with `--initial-cluster-state=existing`: it is let in under its old identity and has
 * forgotten what it voted for and accepted. A mistake that operators make.
 */
export const wipeRejoining = damageFault({
  ...remove,
  name: 'data-wiped-rejoining',
  description: 'removes the data directory and lets the member in again under its old identity',
  restart: (member) => member.recreate({ initialClusterState: 'existing' }),
})
