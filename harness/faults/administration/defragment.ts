import { histogramOf } from '../../core/etcd/prometheus.ts'
import { compareReadings } from '../compare-readings.ts'
import { readSamples } from '../read-metrics.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

const timeout = '--command-timeout=60s'
const metric = 'etcd_disk_backend_defrag_duration_seconds'

/** Rewrites the database of each target in turn; it answers nothing meanwhile. */
export const defragment = maintenanceFault({
  name: 'defragment',
  description: "rewrites the member's database, which answers nothing meanwhile",
  effect: 'stalls',
  probe: compareReadings<number>({
    expected: 'the member to count one more defragmentation',
    what: 'defragmentations',
    read: async (member) => histogramOf(await readSamples(member), metric)?.count ?? 0,
    isObserved: (before, now) => now > before,
    format: (count) => count,
  }),
  act: async (member) => {
    const before = (await member.status()).dbSizeBytes
    await runEtcdctl(member, ['defrag', timeout])
    return `${before} to ${(await member.status()).dbSizeBytes} bytes`
  },
})
