import { dirname } from 'node:path/posix'
import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { compareReadings } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { recreateFault } from '../recreate-fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { runOnData } from './data-directory.ts'

/** What is left of a volume that is full: less than a block. */
const fullKiB = 4

/** Room for the files that etcd writes when it starts; the filler takes the rest. */
const headroomBytes = 32 * 2 ** 20

/**
 * Moves the target's data to a volume that is just large enough and fills what is left: etcd's next
 * growth fails with "no space left on device" and etcd exits. Undo brings the data back to the disk.
 */
export const fullVolume = recreateFault({
  name: 'full-volume',
  description: 'fills the volume that holds the data: etcd meets ENOSPC when it next has to grow',
  effect: 'degrades',
  probe: compareReadings<number>({
    expected: `at most ${fullKiB} KiB to be left on the volume of the data`,
    what: 'KiB left',
    read: roomKiB,
    isObserved: (before, now) => before > fullKiB && now <= fullKiB,
    format: (left) => left,
  }),
  needs: { targets: 'minority', minMembers: 3, volume: 'disk' },
  change: async (member, cluster) => ({
    dataVolumeBytes: (await usedBytes(cluster, member)) + headroomBytes,
  }),
  afterwards: fill,
  beforeUndo: (member, cluster) => runOnData(cluster, member, ['rm', '-f', fillerOf(member)]),
  back: { dataVolumeBytes: null },
})

const fillerOf = (member: Member) => `${dirname(member.dataDirectory)}/gauntlet-filler`

async function roomKiB(member: Member, cluster: Cluster): Promise<number> {
  const table = await runOnData(cluster, member, ['df', '-Pk', dirname(member.dataDirectory)])
  return Number(table.split('\n').at(-1)?.trim().split(/\s+/)[3])
}

async function usedBytes(cluster: Cluster, member: Member): Promise<number> {
  const used = await runOnData(cluster, member, ['du', '-sk', dirname(member.dataDirectory)])
  return Number.parseInt(used, 10) * 1_024
}

/**
 * While etcd runs: a start on a full disk would be another fault. It is frozen meanwhile, because
 * the room that bbolt has set aside in its file, up to 16 MiB, is taken away from under it.
 */
async function fill(member: Member, cluster: Cluster): Promise<void> {
  await untilServed(member)
  await member.pause()
  const filling = toolboxProgram('fill-volume.py', member.dataDirectory)
  const left = await runOnData(cluster, member, filling).finally(() => member.resume())
  if (Number(left) > fullKiB) {
    throw new FaultError(`Expected the volume of ${member.name} to be full, got ${left} KiB left`)
  }
}

function untilServed(member: Member): Promise<void> {
  return poll(async () => ((await member.isHealthy()) ? done(undefined) : notYet('not healthy')), {
    what: `${member.name} to serve from its new volume`,
    deadlineMs: 60_000,
  })
}
