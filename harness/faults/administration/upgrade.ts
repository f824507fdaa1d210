import type { MemberSettings } from '../../cluster/member/settings.ts'
import type { MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'

/** The etcd that a member is to run. */
export type UpgradeTarget = Required<Pick<MemberSettings, 'image' | 'version'>>

/** Another image than before, in a process that runs. */
export const probeImage = compareReadings<MemberProcess>({
  expected: 'a process of another image',
  what: 'image',
  read: (member) => member.process(),
  isObserved: (before, now) => now.running && before.imageId !== now.imageId,
  format: ({ imageId }) => imageId,
})

/**
 * Stops each target in turn and starts it on another image, such as a newer release. Undo goes back
 * to the former image: that etcd allows only while the cluster's version has not moved up, so aim it
 * at some of the members, not at all.
 */
export function upgrade(to: UpgradeTarget): Fault {
  const { image } = to
  return recreateFault({
    name: 'upgrade',
    description: `restarts the member on ${image}`,
    effect: 'changes',
    probe: probeImage,
    change: async (member) => {
      await member.stop()
      return to
    },
    beforeUndo: async (member) => {
      if (await member.isRunning()) await member.stop()
    },
  })
}
