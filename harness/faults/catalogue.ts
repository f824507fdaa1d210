import {
  compact,
  defragment,
  moveLeader,
  rotateCertificates,
  snapshot,
} from './administration/administration.ts'
import { restartWith } from './administration/restart-with.ts'
import type { Fault } from './fault.ts'
import { grow, growBy } from './membership/grow.ts'
import { replace, shrink } from './membership/shrink.ts'
import { bandwidth } from './network/bandwidth.ts'
import { flapping } from './network/flapping.ts'
import { latency } from './network/latency.ts'
import { loss } from './network/loss.ts'
import { dropIncoming, dropOutgoing, isolate } from './network/partition.ts'
import { refuseConnections, resetConnections } from './network/reset.ts'
import { kill, killAll, pause, restart, stop, stopAll } from './process/process.ts'
import { cpuLimit, memoryLimit } from './process/resources.ts'
import { databaseBitsFlipped } from './storage/database.ts'
import { fullVolume } from './storage/full-volume.ts'
import { readOnlyVolume } from './storage/read-only-volume.ts'
import { rolledBack } from './storage/rollback.ts'
import { slowDisk } from './storage/slow-disk.ts'
import { walBitFlipped, walTruncated } from './storage/wal.ts'
import { wipe, wipeRejoining } from './storage/wipe.ts'

const process: readonly Fault[] = [kill, stop, pause, restart, killAll, stopAll]

const network: readonly Fault[] = [
  isolate,
  dropIncoming,
  dropOutgoing,
  loss(0.2),
  latency({ delayMs: 50, jitterMs: 20 }),
  bandwidth(64 * 1_024),
  refuseConnections,
  resetConnections,
  flapping(isolate, { onMs: 700, offMs: 700, times: 20 }),
]

const storage: readonly Fault[] = [
  slowDisk({ writeOpsPerS: 20 }),
  fullVolume,
  readOnlyVolume,
  walTruncated(),
  walBitFlipped(),
  databaseBitsFlipped(),
  rolledBack(),
  wipe,
  wipeRejoining,
]

const resources: readonly Fault[] = [cpuLimit(0.1), memoryLimit(16 * 2 ** 20)]
const membership: readonly Fault[] = [grow, growBy({ learner: true }), shrink, replace]

const administration: readonly Fault[] = [
  compact,
  defragment,
  moveLeader,
  snapshot,
  rotateCertificates,
  restartWith({ options: { 'snapshot-count': '1000' } }),
]

/**
 * Every fault that needs nothing but targets, with the figures that chaos runs use. `partition` and
 * `upgrade` are not in it: groups and an image have to be drawn first.
 */
export const catalogue: readonly Fault[] = [
  ...process,
  ...network,
  ...storage,
  ...resources,
  ...membership,
  ...administration,
]

/** What no fault of ours can do, with the reason. */
export const notCovered: Readonly<Record<string, string>> = {
  'clock-skew': "containers share the kernel's clock: one cannot be set apart from the others",
}
