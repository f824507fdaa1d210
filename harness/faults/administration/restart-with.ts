import type { MemberSettings } from '../../cluster/member-settings.ts'
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
    change: () => settings,
  })
}

/**
 * Restarts each target in turn on another image, such as a newer patch release. Undo goes back to
 * the former image: that etcd allows only while the cluster's version has not moved up, so aim it
 * at some of the members, not at all.
 */
export function upgrade(image: string): Fault {
  return recreateFault({
    name: 'upgrade',
    description: `restarts the member on ${image}`,
    change: () => ({ image }),
  })
}
