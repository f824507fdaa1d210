import { BroadcastChannel } from 'node:worker_threads'

const channelName = 'gauntlet-interrupt'
const variable = 'GAUNTLET_INTERRUPTED'

/**
 * Tells every scenario under way, and those still to come, that the user wants to stop. Vitest's
 * own cancelling would not do: it abandons the test under way, with its cluster.
 */
export function interruptScenarios(): void {
  process.env[variable] = '1'
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(variable)
  channel.close()
}

/** In a scenario's thread: aborted when the user interrupts, or from the start when they have. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  if (process.env[variable] !== undefined) controller.abort()
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = () => controller.abort()
  channel.unref()
  return controller.signal
}
