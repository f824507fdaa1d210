import type { Fault } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

/**
 * Cuts the write-ahead log in the middle of one of its last records, as a torn write would, when
 * `records` is 1; more loses records that the member has acknowledged.
 */
export function walTruncated({ records = 1 }: { readonly records?: number } = {}): Fault {
  return damageFault({
    name: 'wal-truncated',
    description: `cuts the write-ahead log within its last ${records === 1 ? 'record' : `${records} records`}`,
    end: 'kill',
    damage: (cluster, member) =>
      runOnData(cluster, member, toolboxProgram('truncate-wal.py', member.dataDirectory, records)),
  })
}

/** Flips one bit within a record of the write-ahead log, drawn by the seed. */
export function walBitFlipped({ seed = 0 }: { readonly seed?: number } = {}): Fault {
  return damageFault({
    name: 'wal-bit-flipped',
    description: 'flips a bit within a record of the write-ahead log',
    end: 'kill',
    damage: (cluster, member) =>
      runOnData(cluster, member, toolboxProgram('flip-wal-bit.py', member.dataDirectory, seed)),
  })
}
