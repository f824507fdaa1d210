import type { Cluster, Member } from '../cluster/types.ts'
import type { Fault, Undo } from './fault.ts'

/** SIGKILL: the process is gone, nothing was flushed. Undo starts it again on its own data. */
export const kill: Fault = processFault('kill', (member) => member.kill(), startIfDown)

/** SIGTERM: etcd hands leadership over and closes its files. Undo starts it again. */
export const stop: Fault = processFault('stop', (member) => member.stop(), startIfDown)

/** Freezes the process: its sockets stay open and silent, its clock goes on. Undo thaws it. */
export const pause: Fault = processFault(
  'pause',
  (member) => member.pause(),
  (member) => member.resume(),
)

/** SIGTERM and start at once: what a rolling change does to one member. Nothing to undo. */
export const restart: Fault = processFault(
  'restart',
  async (member) => {
    await member.stop()
    await member.start()
  },
  startIfDown,
)

async function startIfDown(member: Member): Promise<void> {
  if (!(await member.isRunning())) await member.start()
}

/** All targets at once: members that die together, not one after the other. */
function processFault(
  name: string,
  harm: (member: Member) => Promise<void>,
  heal: (member: Member) => Promise<void>,
): Fault {
  return {
    name,
    needs: {},
    inject: async (cluster, targets) => {
      const members = membersOf(cluster, targets)
      const undo: Undo = async () => {
        await Promise.all(members.map(heal))
      }
      try {
        await Promise.all(members.map(harm))
      } catch (thrown) {
        await undo()
        throw thrown
      }
      return undo
    },
  }
}

function membersOf(cluster: Cluster, names: readonly string[]): Member[] {
  return names.map((name) => cluster.member(name))
}
