import type { MemberSettings } from '../../cluster/member-settings.ts'
import type { MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'

/**
 * Stops each target in turn and starts it on another image, such as a newer release. Undo goes back
 * to the former image: that etcd allows only while the cluster's version has not moved up, so aim it
 * at some of the members, not at all.
 */
export function upgrade(to: Required<Pick<MemberSettings, 'image' | 'version'>>): Fault {
  const { image } = to
  return recreateFault({
    name: 'upgrade',
    description: `restarts the member on ${image}`,
    effect: 'changes',
    probe: compareReadings<MemberProcess>({
      expected: 'a process of another image',
      what: 'image',
      read: (member) => member.process(),
      isObserved: (before, now) => now.running && before.imageId !== now.imageId,
      format: ({ imageId }) => imageId,
    }),
    change: async (member) => {
      await member.stop()
      return to
    },
    beforeUndo: async (member) => {
      if (await member.isRunning()) await member.stop()
    },
  })
}
