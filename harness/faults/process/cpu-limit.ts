import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { limitFault } from './limit-fault.ts'
import { isNewLimit, type ProcessLoad, readLoad } from './read-load.ts'

/** Leaves each target that much of one processor, at once and without a restart. */
export function cpuLimit(cpus: number): Fault {
  return limitFault({
    name: 'cpu-limit',
    description: `leaves the process ${cpus} of one processor`,
    capability: 'cgroup-cpu',
    probe: compareReadings<ProcessLoad>({
      expected: `a new limit of ${cpus} processors, at which the kernel makes the process wait`,
      what: 'processor time',
      read: readLoad,
      isObserved: (before, now) => isStarved(cpus, before, now),
      format: ({ process, usage }) =>
        `limit of ${process.limits.cpus || 'all'} processors, ${usage.throttledPeriods} throttled periods`,
    }),
    limit: (member) => member.limit({ cpus }),
    formerLimits: ({ settings }) => ({ cpus: settings.resources?.cpus ?? null }),
  })
}

/** The kernel throttles a process under its former limit too: the limit must be new as well. */
export function isStarved(cpus: number, before: ProcessLoad, now: ProcessLoad): boolean {
  return (
    isNewLimit(cpus, before.process.limits.cpus, now.process.limits.cpus) &&
    now.usage.throttledPeriods > throttledBefore(before, now)
  )
}

/** A process that was started since counts from zero. */
function throttledBefore(before: ProcessLoad, now: ProcessLoad): number {
  const isSame = before.process.startedAt === now.process.startedAt
  return isSame ? before.usage.throttledPeriods : 0
}
