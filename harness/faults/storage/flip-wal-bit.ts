import type { Fault } from '../fault.ts'
import { seedOf } from '../seed-of.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

const name = 'flip-wal-bit'

/**
 * Flips one bit within a record of the write-ahead log. The seed, such as the drill's, and the
 * target's name decide which; without a seed the name alone does.
 */
export function flipWalBit({ seed }: { readonly seed?: number } = {}): Fault {
  return damageFault({
    name,
    description: 'flips a bit within a record of the write-ahead log',
    end: 'kill',
    damage: (cluster, member) => {
      const drawn = seedOf(name, member.name, seed)
      const argv = toolboxProgram('flip-wal-bit.py', member.dataDirectory, drawn)
      return runOnData(cluster, member, argv)
    },
  })
}
