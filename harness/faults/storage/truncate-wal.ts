import type { Fault } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { damageFault } from './damage-fault.ts'
import { runOnData } from './data-directory.ts'

/**
 * Cuts the write-ahead log in the middle of one of its last records, as a torn write would, when
 * `records` is 1; more loses records that the member has acknowledged.
 */
export function truncateWal({ records = 1 }: { readonly records?: number } = {}): Fault {
  return damageFault({
    name: 'truncate-wal',
    description: `cuts the write-ahead log within its last ${records === 1 ? 'record' : `${records} records`}`,
    end: 'kill',
    damage: (cluster, member) =>
      runOnData(cluster, member, toolboxProgram('truncate-wal.py', member.dataDirectory, records)),
  })
}
