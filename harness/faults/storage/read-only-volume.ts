import type { Member } from '../../cluster/types.ts'
import { DeadlineError } from '../../core/errors.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { probeExit } from '../process/probe-process.ts'
import { recreateFault } from '../recreate-fault.ts'

const exitDeadlineMs = 15_000

/**
 * Its data volume mounted read-only, as after a disk error: etcd exits when it opens its files. In
 * force once it has exited, so that one look proves it: a later exit has another cause.
 */
export const readOnlyVolume = recreateFault({
  name: 'read-only-volume',
  description: 'restarts the member with its data mounted read-only; undo mounts it as before',
  effect: 'stops',
  probe: probeExit,
  needs: { targets: 'minority', minMembers: 3, volume: 'disk' },
  change: () => ({ resources: { dataReadOnly: true } }),
  mayExit: true,
  afterwards: untilExit,
})

/** Past the deadline it runs on: then the proof says that the fault had no effect. */
async function untilExit(member: Member): Promise<void> {
  try {
    await poll(async () => ((await member.isRunning()) ? notYet('it runs') : done(undefined)), {
      what: `${member.name} to exit on a read-only volume`,
      deadlineMs: exitDeadlineMs,
      intervalMs: 50,
    })
  } catch (thrown) {
    if (!(thrown instanceof DeadlineError)) throw thrown
  }
}
