import { BroadcastChannel } from 'node:worker_threads'

const channelName = 'gauntlet-interrupt'
const variable = 'GAUNTLET_INTERRUPTED'

/** A thread may be starting: its environment is from before the interrupt, and it does not listen yet. */
const repeatMs = 200

/**
 * Interrupts the scenario under way and the ones after it, for as long as this process lives. Vitest's
 * own cancelling abandons the test under way, and with it a running cluster.
 */
export function interruptScenarios(): void {
  process.env[variable] = '1'
  const channel = new BroadcastChannel(channelName)
  channel.unref()
  const post = () => channel.postMessage(variable)
  post()
  setInterval(post, repeatMs).unref()
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
