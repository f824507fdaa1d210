import { probeExit } from './probe-process.ts'
import { processFault } from './process-fault.ts'

/** SIGTERM to every member at the same moment: a maintenance window. */
export const stopAll = processFault({
  name: 'stop-all',
  description: 'stops every member at the same moment; undo starts them together',
  effect: 'stops',
  needs: { targets: 'all' },
  probe: probeExit,
  harm: (member) => member.stop(),
})
