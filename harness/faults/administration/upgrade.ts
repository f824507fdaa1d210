import type { MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'

/**
 * Restarts each target in turn on another image, such as a newer patch release. Undo goes back to
 * the former image: that etcd allows only while the cluster's version has not moved up, so aim it
 * at some of the members, not at all.
 */
export function upgrade(image: string): Fault {
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
    change: () => ({ image }),
  })
}
