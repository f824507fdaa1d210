import type { MemberSettings } from '../../cluster/member-settings.ts'
import type { MemberProcess } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'

/** Restarts each target in turn with other options or flags; undo restarts it with the former. */
export function restartWith(settings: Pick<MemberSettings, 'options' | 'extraFlags'>): Fault {
  const changed = [
    ...Object.entries(settings.options ?? {}).map(([name, value]) =>
      value === null ? `no --${name}` : `--${name}=${value}`,
    ),
    ...(settings.extraFlags ?? []),
  ]
  return recreateFault({
    name: 'restart-with',
    description: `restarts the member with ${changed.join(' ') || 'the same flags'}`,
    effect: 'changes',
    probe: compareReadings<MemberProcess>({
      expected: 'another process with other arguments',
      what: 'process',
      read: (member) => member.process(),
      isObserved: (before, now) =>
        now.running &&
        before.startedAt !== now.startedAt &&
        (changed.length === 0 || before.arguments.join(' ') !== now.arguments.join(' ')),
      format: formatArguments,
    }),
    change: () => settings,
  })
}

function formatArguments({ startedAt, arguments: all }: MemberProcess): string {
  return `started at ${startedAt} with ${all.join(' ')}`
}
