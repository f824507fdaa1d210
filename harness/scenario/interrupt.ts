import { BroadcastChannel } from 'node:worker_threads'

const channelName = 'gauntlet-interrupt'
const variable = 'GAUNTLET_INTERRUPTED'

/**
 * Interrupts the scenario under way and the ones after it. Vitest's own cancelling abandons the test
 * under way, and with it a running cluster.
 */
export function interruptScenarios(): void {
  process.env[variable] = '1'
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(variable)
  channel.close()
}

/** In a scenario's thread: aborts when the user interrupts the run, at once when they already did. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  if (process.env[variable] !== undefined) controller.abort()
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = () => controller.abort()
  channel.unref()
  return controller.signal
}
