import type { Fault } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

/** Flips one bit within a record of the write-ahead log, chosen by the seed. */
export function flipWalBit({ seed = 0 }: { readonly seed?: number } = {}): Fault {
  return damageFault({
    name: 'flip-wal-bit',
    description: 'flips a bit within a record of the write-ahead log',
    end: 'kill',
    damage: (cluster, member) =>
      runOnData(cluster, member, toolboxProgram('flip-wal-bit.py', member.dataDirectory, seed)),
  })
}
