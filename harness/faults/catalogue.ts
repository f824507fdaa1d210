import { compact } from './administration/compact.ts'
import { defragment } from './administration/defragment.ts'
import { moveLeader } from './administration/move-leader.ts'
import { restartWith } from './administration/restart-with.ts'
import { rotateCertificates } from './administration/rotate-certificates.ts'
import { snapshot } from './administration/snapshot.ts'
import { isolateDoor } from './doors/isolate-door.ts'
import { killDoor } from './doors/kill-door.ts'
import { pauseDoor } from './doors/pause-door.ts'
import type { Fault } from './fault.ts'
import { grow, growBy } from './membership/grow.ts'
import { replace } from './membership/replace.ts'
import { shrink } from './membership/shrink.ts'
import { bandwidth } from './network/bandwidth.ts'
import { dropIncoming } from './network/drop-incoming.ts'
import { dropOutgoing } from './network/drop-outgoing.ts'
import { flapping } from './network/flapping.ts'
import { isolate } from './network/isolate.ts'
import { latency } from './network/latency.ts'
import { loss } from './network/loss.ts'
import { refuseConnections } from './network/refuse-connections.ts'
import { resetConnections } from './network/reset-connections.ts'
import { cpuLimit } from './process/cpu-limit.ts'
import { kill } from './process/kill.ts'
import { killAll } from './process/kill-all.ts'
import { memoryLimit } from './process/memory-limit.ts'
import { pause } from './process/pause.ts'
import { restart } from './process/restart.ts'
import { stop } from './process/stop.ts'
import { stopAll } from './process/stop-all.ts'
import { flipDatabaseBits } from './storage/flip-database-bits.ts'
import { flipWalBit } from './storage/flip-wal-bit.ts'
import { fullVolume } from './storage/full-volume.ts'
import { readOnlyVolume } from './storage/read-only-volume.ts'
import { rollBackData } from './storage/roll-back-data.ts'
import { slowDisk } from './storage/slow-disk.ts'
import { truncateWal } from './storage/truncate-wal.ts'
import { wipeData } from './storage/wipe-data.ts'
import { wipeDataRejoining } from './storage/wipe-data-rejoining.ts'

const process: readonly Fault[] = [kill, stop, pause, restart, killAll, stopAll]

const seeded = (seed?: number) => (seed === undefined ? {} : { seed })

const network = (seed?: number): readonly Fault[] => [
  isolate,
  dropIncoming,
  dropOutgoing,
  loss(0.2),
  latency({ delayMs: 50, jitterMs: 20, ...seeded(seed) }),
  bandwidth(64 * 1_024),
  refuseConnections,
  resetConnections,
  flapping(isolate, { onMs: 700, offMs: 700, times: 20 }),
]

const storage = (seed?: number): readonly Fault[] => [
  slowDisk({ writeOpsPerS: 20 }),
  fullVolume,
  readOnlyVolume,
  truncateWal(),
  flipWalBit(seeded(seed)),
  flipDatabaseBits(seeded(seed)),
  rollBackData(),
  wipeData,
  wipeDataRejoining,
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
 * Every fault that needs nothing but targets and can be undone, with the figures that chaos runs
 * use. Not in it: `partition`, `upgrade` and `upgrade-all`, which need groups and an image, and
 * `destroy`. The seed decides what they draw, such as jitter and which bits are flipped.
 */
export const catalogueOf = (seed?: number): readonly Fault[] => [
  ...process,
  ...network(seed),
  ...storage(seed),
  ...resources,
  ...membership,
  ...administration,
]

/** Those of the catalogue, and those of doors, whose targets no chaos run draws. */
export const namedFaults = (seed?: number): readonly Fault[] => [
  ...catalogueOf(seed),
  killDoor,
  pauseDoor,
  isolateDoor,
]

/** The catalogue without a seed, for those that read names and needs alone. */
export const catalogue: readonly Fault[] = catalogueOf()

/** What no fault of ours can do, as a run records what its machine cannot. */
export const notCovered = [
  {
    name: 'clock-skew',
    available: false,
    detail: "containers share the kernel's clock: one container's clock cannot be changed alone",
    lost: 'members whose clocks differ',
  },
] as const
