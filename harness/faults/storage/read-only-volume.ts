import { probeExit } from '../process/probe-process.ts'
import { recreateFault } from '../recreate-fault.ts'

/** Its data volume mounted read-only, as after a disk error: etcd exits when it opens its files. */
export const readOnlyVolume = recreateFault({
  name: 'read-only-volume',
  description: 'restarts the member with its data mounted read-only; undo mounts it as before',
  effect: 'stops',
  isGradual: true,
  probe: probeExit,
  needs: { targets: 'minority', minMembers: 3, volume: 'disk' },
  change: () => ({ resources: { dataReadOnly: true } }),
  mayExit: true,
})
