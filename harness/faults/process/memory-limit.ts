import type { MemberProcess, MemberUsage } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { limitFault } from './limit-fault.ts'

/** Of its limit: from there on the kernel takes pages away. */
const shortOfMemory = 0.9

/**
 * Leaves each target that much memory: the kernel ends the process when it wants more. Where the
 * kernel rejects a limit that is already exceeded (cgroup v1), the process is killed and starts
 * under it. Undo lifts the limit and starts what was ended.
 */
export function memoryLimit(memoryBytes: number): Fault {
  return limitFault({
    name: 'memory-limit',
    description: `leaves the process ${memoryBytes} bytes of memory: the kernel ends it for more`,
    capability: 'cgroup-memory',
    probe: compareReadings<{ readonly process: MemberProcess; readonly usage: MemberUsage }>({
      expected: `the process to be ended for want of memory, or to be short of ${memoryBytes} bytes`,
      what: 'memory',
      read: async (member) => ({ process: await member.process(), usage: await member.usage() }),
      isObserved: (before, { process, usage }) => {
        if (process.outOfMemory) return !before.process.outOfMemory
        const isLimited = usage.memoryLimitBytes > 0 && usage.memoryLimitBytes <= memoryBytes
        const isShort = usage.memoryBytes >= shortOfMemory * memoryBytes
        return isLimited && (isShort || usage.memoryLimitHits > 0)
      },
      format: formatMemory,
    }),
    limit: async (member) => {
      try {
        await member.limit({ memoryBytes })
      } catch {
        await member.kill()
        await member.limit({ memoryBytes })
        await member.start()
      }
    },
    formerLimits: ({ settings }) => ({ memoryBytes: settings.resources?.memoryBytes ?? null }),
  })
}

function formatMemory({
  process,
  usage,
}: {
  readonly process: MemberProcess
  readonly usage: MemberUsage
}): string {
  if (process.outOfMemory) return 'the kernel ended the process'
  const { memoryBytes, memoryLimitBytes, memoryLimitHits } = usage
  return `${memoryBytes} of ${memoryLimitBytes} bytes, limit hit ${memoryLimitHits} times`
}
