import type { Cluster, Member, MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import { isStillRunning } from '../define-fault.ts'
import { formatProcess } from './probe-process.ts'
import { processFault } from './process-fault.ts'

const silentMs = 300

interface Life {
  readonly process: MemberProcess
  readonly answers: boolean
}

/** The process was not frozen before, is now, and answers nothing. */
export const probeFreeze = compareReadings<Life, Pick<Member, 'name' | 'process' | 'status'>>({
  expected: `the process to be frozen since the fault, and to answer nothing for ${silentMs} ms`,
  what: 'process',
  read: async (member) => ({
    process: await member.process(),
    answers: await member.status(silentMs).then(
      () => true,
      () => false,
    ),
  }),
  isObserved: isFrozen,
  format: ({ process, answers }) => `${formatProcess(process)}, ${answers ? 'answers' : 'silent'}`,
})

/** Freezes the process: its sockets stay open and silent, its clock goes on. Undo thaws it. */
export const pause = processFault({
  name: 'pause',
  description: 'freezes the process, its sockets open and silent; undo thaws it',
  effect: 'stalls',
  needs: { capabilities: ['pause'] },
  probe: probeFreeze,
  harm: (member) => member.pause(),
  heal: thaw,
})

/** One that was frozen before proves nothing. */
export function isFrozen({ process: before }: Life, { process: now, answers }: Life): boolean {
  return before.running && !before.paused && now.running && now.paused && !answers
}

/** A process that was killed while it was frozen is not frozen any more. */
async function thaw(member: Member, cluster: Cluster): Promise<void> {
  if (!(await isStillRunning(cluster, member))) return
  try {
    await member.resume()
  } catch (thrown) {
    if (await isStillRunning(cluster, member)) throw thrown
  }
}
