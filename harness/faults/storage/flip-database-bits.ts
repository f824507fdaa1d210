import type { Fault } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

export interface DatabaseOptions {
  /** How many keys' latest values get a wrong bit. Default 1. */
  readonly values?: number
  readonly seed?: number
}

/**
 * Flips a bit in the latest values of some keys, chosen by the seed, in the member's database. bbolt
 * has no checksums there: the member starts, and answers wrongly until its hash is compared.
 */
export function flipDatabaseBits({ values = 1, seed = 0 }: DatabaseOptions = {}): Fault {
  return damageFault({
    name: 'flip-database-bits',
    description: `flips a bit in the values of ${values} ${values === 1 ? 'key' : 'keys'}`,
    end: 'stop',
    damage: (cluster, member) => {
      const argv = toolboxProgram('flip-value-bits.py', member.dataDirectory, values, seed)
      return runOnData(cluster, member, argv)
    },
  })
}
