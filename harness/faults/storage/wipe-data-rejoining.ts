import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

/**
 * As `wipe-data`, with `--initial-cluster-state=existing`: the member rejoins under its old identity
 * and has forgotten what it voted for and accepted. A mistake that operators make.
 */
export const wipeDataRejoining = damageFault({
  name: 'wipe-data-rejoining',
  description: 'removes the data directory and lets the member in again under its old identity',
  effect: 'removes',
  end: 'kill',
  damage: (cluster, member) =>
    runOnData(cluster, member, toolboxProgram('wipe-data.py', member.dataDirectory)),
  restart: (member) => member.recreate({ initialClusterState: 'existing' }),
})
