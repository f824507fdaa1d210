import type { MemberUsage } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { limitFault } from './limit-fault.ts'

/** Leaves each target that much of one processor, at once and without a restart. */
export function cpuLimit(cpus: number): Fault {
  return limitFault({
    name: 'cpu-limit',
    description: `leaves the process ${cpus} of one processor`,
    capability: 'cgroup-cpu',
    probe: compareReadings<MemberUsage>({
      expected: 'the kernel to make the process wait for processor time',
      what: 'throttled periods',
      read: (member) => member.usage(),
      isObserved: (before, now) => now.throttledPeriods > before.throttledPeriods,
      format: ({ throttledPeriods }) => throttledPeriods,
    }),
    limit: (member) => member.limit({ cpus }),
    formerLimits: ({ settings }) => ({ cpus: settings.resources?.cpus ?? null }),
  })
}
