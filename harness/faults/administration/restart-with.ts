import type { MemberSettings } from '../../cluster/member/settings.ts'
import type { MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'

type Flags = Pick<MemberSettings, 'options' | 'extraFlags'>

/** Restarts each target in turn with other options or flags; undo restarts it with the former. */
export function restartWith(settings: Flags): Fault {
  const wanted = formatSettings(settings)
  return recreateFault({
    name: 'restart-with',
    description: `restarts the member ${wanted || 'with the same flags'}`,
    effect: 'changes',
    probe: compareReadings<MemberProcess>({
      expected: `another process ${wanted || 'with the same flags'}`,
      what: 'process',
      read: (member) => member.process(),
      isObserved: (before, now) =>
        now.running && before.startedAt !== now.startedAt && hasAll(now.arguments, settings),
      format: formatArguments,
    }),
    change: () => settings,
  })
}

/** An option may have had its value before: what counts is that the new process has it. */
function hasAll(all: readonly string[], { options = {}, extraFlags = [] }: Flags): boolean {
  const areSet = Object.entries(options).every(([name, value]) =>
    value === null
      ? !all.some((one) => one.startsWith(`--${name}=`))
      : all.includes(`--${name}=${value}`),
  )
  return areSet && extraFlags.every((flag) => all.includes(flag))
}

function formatSettings({ options = {}, extraFlags = [] }: Flags): string {
  const named = Object.entries(options).map(([name, value]) =>
    value === null ? `without --${name}` : `with --${name}=${value}`,
  )
  return [...named, ...extraFlags.map((flag) => `with ${flag}`)].join(' and ')
}

function formatArguments({ startedAt, arguments: all }: MemberProcess): string {
  return `started at ${startedAt} with ${all.join(' ')}`
}
