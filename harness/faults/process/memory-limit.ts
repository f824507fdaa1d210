import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { limitFault } from './limit-fault.ts'
import { isNewLimit, type ProcessLoad, readLoad } from './read-load.ts'

/** The exit code after SIGKILL. */
const killed = 137

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
    exits: true,
    probe: compareReadings<ProcessLoad>({
      expected: `a new limit of ${memoryBytes} bytes, and the process at it or ended by the kernel`,
      what: 'memory',
      read: readLoad,
      isObserved: (before, now) => isShortOfMemory(memoryBytes, before, now),
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

/** A former limit as low as this one would show the same: the limit must be new as well. */
export function isShortOfMemory(
  memoryBytes: number,
  before: ProcessLoad,
  now: ProcessLoad,
): boolean {
  if (!isNewLimit(memoryBytes, before.process.limits.memoryBytes, now.process.limits.memoryBytes)) {
    return false
  }
  const isSame = before.process.startedAt === now.process.startedAt
  // The engine keeps the flag of an earlier exit while the process runs again, and now and then misses the
  // kernel's word that it ended the process: then one that was started under the limit has the exit code.
  const { running, outOfMemory, exitCode } = now.process
  if (!running && outOfMemory) return before.process.running || !isSame
  if (!running && !isSame && exitCode === killed) return true
  if (now.process.outOfMemory && !before.process.outOfMemory) return true
  const hitsBefore = isSame ? before.usage.memoryLimitHits : 0
  const isShort = now.usage.memoryBytes >= shortOfMemory * memoryBytes
  return now.process.running && (isShort || now.usage.memoryLimitHits > hitsBefore)
}

function formatMemory({ process, usage }: ProcessLoad): string {
  const limit = `limit of ${process.limits.memoryBytes || 'all'} bytes`
  if (process.outOfMemory) return `${limit}, the kernel ended the process`
  if (!process.running) return `${limit}, the process is gone with exit code ${process.exitCode}`
  return `${limit}, ${usage.memoryBytes} bytes used, limit hit ${usage.memoryLimitHits} times`
}
