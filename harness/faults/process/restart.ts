import { probeRestart } from './probe-process.ts'
import { processFault } from './process-fault.ts'

/** SIGTERM and start at once: what a rolling change does to one member. Nothing to undo. */
export const restart = processFault({
  name: 'restart',
  description: 'stops the process with SIGTERM and starts it at once',
  effect: 'stops',
  probe: probeRestart,
  harm: async (member) => {
    await member.stop()
    await member.start()
  },
})
