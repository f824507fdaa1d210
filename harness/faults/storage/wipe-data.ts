import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

/** The data directory is gone and the member starts as if it and its cluster were new. */
export const wipeData = damageFault({
  name: 'wipe-data',
  description: 'removes the data directory and starts the member as if it were new',
  effect: 'removes',
  end: 'kill',
  damage: (cluster, member) =>
    runOnData(cluster, member, toolboxProgram('wipe-data.py', member.dataDirectory)),
  restart: (member) => member.recreate({ initialClusterState: 'new' }),
})
