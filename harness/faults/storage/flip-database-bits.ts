import type { Fault } from '../fault.ts'
import { seedOf } from '../seed-of.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

export interface DatabaseOptions {
  /** How many keys' latest values get a wrong bit. Default 1. */
  readonly values?: number
  /** Such as the drill's. Default: the target's name alone decides. */
  readonly seed?: number
}

const name = 'flip-database-bits'

/**
 * Flips a bit in the latest values of some keys, chosen by the seed and the target's name, in the
 * member's database. bbolt has no checksums there: the member starts, and answers wrongly until its
 * hash is compared.
 */
export function flipDatabaseBits({ values = 1, seed }: DatabaseOptions = {}): Fault {
  return damageFault({
    name,
    description: `flips a bit in the values of ${values} ${values === 1 ? 'key' : 'keys'}`,
    end: 'stop',
    damage: (cluster, member) => {
      const drawn = seedOf(name, member.name, seed)
      const argv = toolboxProgram('flip-value-bits.py', member.dataDirectory, values, drawn)
      return runOnData(cluster, member, argv)
    },
  })
}
