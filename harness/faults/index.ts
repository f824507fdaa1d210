export {
  compact,
  defragment,
  moveLeader,
  rotateCertificates,
  snapshot,
} from './administration/administration.ts'
export { restartWith, upgrade } from './administration/restart-with.ts'
export { catalogue, notCovered } from './catalogue.ts'
export type { Fault, FaultNeeds, Undo } from './fault.ts'
export { grow, growBy } from './membership/grow.ts'
export { rebuild } from './membership/membership.ts'
export { replace, shrink } from './membership/shrink.ts'
export { bandwidth } from './network/bandwidth.ts'
export { type FlappingOptions, flapping } from './network/flapping.ts'
export { type LatencyOptions, latency } from './network/latency.ts'
export { loss } from './network/loss.ts'
export { dropIncoming, dropOutgoing, isolate, partition } from './network/partition.ts'
export { refuseConnections, resetConnections } from './network/reset.ts'
export { kill, killAll, pause, restart, stop, stopAll } from './process/process.ts'
export { cpuLimit, memoryLimit } from './process/resources.ts'
export { databaseBitsFlipped } from './storage/database.ts'
export { fullVolume } from './storage/full-volume.ts'
export { readOnlyVolume } from './storage/read-only-volume.ts'
export { rolledBack } from './storage/rollback.ts'
export { slowDisk } from './storage/slow-disk.ts'
export { walBitFlipped, walTruncated } from './storage/wal.ts'
export { wipe, wipeRejoining } from './storage/wipe.ts'
