import { dirname } from 'node:path/posix'
import { sumOf } from '../../core/etcd/prometheus.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import { compareReadings } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { readSamples } from '../read-metrics.ts'
import { maintenanceFault, runEtcdctl } from './maintenance-fault.ts'

/** Saves a snapshot through each target, inside its container, and reads it again. */
export const snapshot = maintenanceFault({
  name: 'snapshot',
  description: 'saves a snapshot through the member and verifies it',
  effect: 'degrades',
  probe: compareReadings<number>({
    expected: 'the member to count one more snapshot that it sent',
    what: 'snapshots sent',
    read: async (member) =>
      sumOf(await readSamples(member), 'grpc_server_handled_total', {
        grpc_method: 'Snapshot',
        grpc_code: 'OK',
      }) ?? 0,
    isObserved: (before, now) => now > before,
    format: (count) => count,
  }),
  act: async (member, cluster) => {
    const file = `${dirname(member.dataDirectory)}/gauntlet-snapshot.db`
    await runEtcdctl(member, ['snapshot', 'save', file])
    const { offlineTool } = featuresOf(cluster.spec.version)
    const read = await member.exec([offlineTool, 'snapshot', 'status', file, '--write-out=json'])
    if (read.exitCode !== 0) throw new FaultError(`Expected a snapshot, got: ${read.stderr.trim()}`)
    const { revision, totalKey } = JSON.parse(read.stdout) as Record<string, number>
    return `revision ${revision}, ${totalKey} keys`
  },
})
