import { probeExit } from './probe-process.ts'
import { processFault } from './process-fault.ts'

/**
 * SIGKILL of every member at the same moment. Undo starts them all together. It is no power cut: the
 * kernel still writes what was not yet synced.
 */
export const killAll = processFault({
  name: 'kill-all',
  description: 'kills every member at the same moment; undo starts them together',
  effect: 'stops',
  needs: { targets: 'all' },
  probe: probeExit,
  harm: (member) => member.kill(),
})
