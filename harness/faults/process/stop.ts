import { probeExit } from './probe-process.ts'
import { processFault } from './process-fault.ts'

/** SIGTERM: etcd hands leadership over and closes its files. Undo starts it again. */
export const stop = processFault({
  name: 'stop',
  description: 'ends the process with SIGTERM; undo starts it again',
  effect: 'stops',
  probe: probeExit,
  harm: (member) => member.stop(),
})
