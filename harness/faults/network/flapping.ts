import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../cluster/types.ts'
import { idempotentUndo, nothingToUndo } from '../define-fault.ts'
import type { Fault, Undo } from '../fault.ts'

/** The rhythm of a flapping fault. */
export interface FlappingOptions {
  /** How long it is in force each time, and how long not. */
  readonly onMs: number
  readonly offMs: number
  /** How many times it comes into force. */
  readonly times: number
}

/**
 * Injects and undoes a fault in turn, up to `times`. `inject` returns with the first one in force.
 * Undo ends it and returns when the fault is undone and no further one can come; it throws, once,
 * when a turn failed with every member running: then the fault was not what it says.
 */
export function flapping(fault: Fault, { onMs, offMs, times }: FlappingOptions): Fault {
  return {
    ...fault,
    name: `flapping-${fault.name}`,
    isGradual: true,
    description: `${fault.description}; on for ${onMs} ms and off for ${offMs} ms in turn`,
    inject: async (cluster, targets) => {
      const ending = new AbortController()
      const turn = { undo: await fault.inject(cluster, targets) }
      const detail = turn.undo.detail
      const inject = () => injectIfAllRun(fault, cluster, targets)
      const limits = { onMs, offMs, times, signal: ending.signal }
      let failure: unknown
      const turns = alternate(turn, inject, limits).catch((thrown) => {
        failure = thrown
      })
      return idempotentUndo(async () => {
        ending.abort()
        await turns
        await turn.undo()
        const thrown = failure
        failure = undefined
        if (thrown !== undefined) throw thrown
      }, detail)
    },
  }
}

/** `turn.undo` is at any time the way back from the latest one. */
async function alternate(
  turn: { undo: Undo },
  inject: () => Promise<Undo>,
  { onMs, offMs, times, signal }: FlappingOptions & { readonly signal: AbortSignal },
): Promise<void> {
  for (let count = 1; ; count++) {
    await pauseFor(onMs, signal)
    await turn.undo()
    if (count >= times) return
    await pauseFor(offMs, signal)
    if (signal.aborted) return
    turn.undo = await inject()
  }
}

/** Where a member does not run there is no network to change: that turn passes without it. */
async function injectIfAllRun(
  fault: Fault,
  cluster: Cluster,
  targets: readonly string[],
): Promise<Undo> {
  try {
    return await fault.inject(cluster, targets)
  } catch (thrown) {
    const running = await Promise.all(cluster.members.map((member) => member.isRunning()))
    if (running.includes(false)) return nothingToUndo()
    throw thrown
  }
}

/** Aborting ends it early, and is no error: what follows is the way back. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}
