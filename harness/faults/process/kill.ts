import { probeExit } from './probe-process.ts'
import { processFault } from './process-fault.ts'

/** SIGKILL: the process is gone, nothing was flushed. Undo starts it again on its own data. */
export const kill = processFault({
  name: 'kill',
  description: 'ends the process with SIGKILL; undo starts it again on its own data',
  effect: 'stops',
  probe: probeExit,
  harm: (member) => member.kill(),
})
