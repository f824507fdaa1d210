import type { Member, MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'

type WithProcess = Pick<Member, 'name' | 'process'>

/** The process that ran is gone, and no other runs in its place. */
export const probeExit = compareReadings<MemberProcess, WithProcess>({
  expected: 'the process to be gone',
  what: 'process',
  read: (member) => member.process(),
  isObserved: (before, now) => before.running && !now.running,
  format: formatProcess,
})

/** Another process runs than before. */
export const probeRestart = compareReadings<MemberProcess>({
  expected: 'another process to run',
  what: 'process',
  read: (member) => member.process(),
  isObserved: (before, now) => before.startedAt !== now.startedAt && now.running,
  format: formatProcess,
})

export function formatProcess({ running, paused, startedAt, outOfMemory }: MemberProcess): string {
  if (!running) return outOfMemory ? 'ended by the kernel for want of memory' : 'gone'
  return `${paused ? 'frozen' : 'running'}, started at ${startedAt}`
}
