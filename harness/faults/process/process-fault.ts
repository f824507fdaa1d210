import type { Cluster, Member } from '../../cluster/types.ts'
import {
  defineFault,
  forAll,
  idempotentUndo,
  injectOrUndo,
  startIfDown,
  stillRuns,
} from '../define.ts'
import type { Fault, FaultNeeds } from '../fault.ts'

type OnMember = (member: Member, cluster: Cluster) => Promise<void>

/** SIGKILL: the process is gone, nothing was flushed. Undo starts it again on its own data. */
export const kill = processFault({
  name: 'kill',
  description: 'ends the process with SIGKILL; undo starts it again on its own data',
  harm: (member) => member.kill(),
})

/** SIGTERM: etcd hands leadership over and closes its files. Undo starts it again. */
export const stop = processFault({
  name: 'stop',
  description: 'ends the process with SIGTERM; undo starts it again',
  harm: (member) => member.stop(),
})

/** Freezes the process: its sockets stay open and silent, its clock goes on. Undo thaws it. */
export const pause = processFault({
  name: 'pause',
  description: 'freezes the process, its sockets open and silent; undo thaws it',
  needs: { capabilities: ['pause'] },
  harm: (member) => member.pause(),
  heal: thaw,
})

/** SIGTERM and start at once: what a rolling change does to one member. Nothing to undo. */
export const restart = processFault({
  name: 'restart',
  description: 'stops the process with SIGTERM and starts it at once',
  harm: async (member) => {
    await member.stop()
    await member.start()
  },
})

/**
 * SIGKILL of every member at the same moment. Undo starts them all together. It is no power cut: the
 * kernel still writes what was not yet synced.
 */
export const killAll = processFault({
  name: 'kill-all',
  description: 'kills every member at the same moment; undo starts them together',
  needs: { targets: 'all' },
  harm: (member) => member.kill(),
})

/** SIGTERM to every member at the same moment: a maintenance window. */
export const stopAll = processFault({
  name: 'stop-all',
  description: 'stops every member at the same moment; undo starts them together',
  needs: { targets: 'all' },
  harm: (member) => member.stop(),
})

/** All targets at once: members that die together, not one after the other. */
function processFault(options: {
  readonly name: string
  readonly description: string
  readonly needs?: FaultNeeds
  readonly harm: OnMember
  readonly heal?: OnMember
}): Fault {
  const { name, description, needs = {}, harm } = options
  const heal = options.heal ?? ((member, cluster) => startIfDown(cluster, member))
  return defineFault({
    name,
    description,
    needs,
    inject: (cluster, targets) =>
      injectOrUndo(
        () => forAll(targets, (member) => harm(member, cluster)),
        idempotentUndo(async () => {
          await forAll(targets, (member) => heal(member, cluster))
        }),
      ),
  })
}

/** One that was killed while it was frozen is not frozen any more. */
async function thaw(member: Member, cluster: Cluster): Promise<void> {
  if (!(await stillRuns(cluster, member))) return
  try {
    await member.resume()
  } catch (thrown) {
    if (await stillRuns(cluster, member)) throw thrown
  }
}
