import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../cluster/types.ts'
import type { Effect, Proof } from '../../core/effect.ts'
import { DeadlineError, GuaranteeBrokenError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Fault } from '../../faults/fault.ts'
import { observeEffect } from '../drill/observe-effect.ts'

export interface HoldOptions {
  readonly fault: Fault
  /** Names of members. */
  readonly targets: readonly string[]
  /** How long it stays in force, up to 24 days. */
  readonly forMs: number
  /** Aborting it undoes the fault at once. */
  readonly signal: AbortSignal
  readonly log: Log
}

/** What one fault did to a cluster that nobody judges. */
export interface HeldFault {
  readonly fault: string
  readonly effect: Effect
  readonly targets: readonly string[]
  /** What was done where that is not plain from the fault's name. */
  readonly detail?: string
  readonly proof: Proof
  readonly inForceMs: number
  /** From its undo until every member was healthy and knew one leader. */
  readonly healthyAfterMs: number
}

/**
 * Injects a fault, measures its effect while it is in force, and undoes it when the time is over or
 * the signal aborts, whatever happens meanwhile. Rejects with a GuaranteeBrokenError when the cluster
 * is not well again in time afterwards. A fault without effect is no error: the proof says so.
 */
export async function holdFault(cluster: Cluster, options: HoldOptions): Promise<HeldFault> {
  const { fault, forMs, signal, log } = options
  const names = options.targets
  const on = names.length === 0 ? 'the cluster' : names.join(', ')
  const measure = await fault.probe(cluster, names)
  const undo = await fault.inject(cluster, names)
  const { detail } = undo
  const startedMs = performance.now()
  let proof: Proof
  let undoneMs: number
  try {
    const more = detail === undefined ? '' : ` (${detail})`
    log.step(`${fault.name} of ${on} in force${more}; interrupt to undo it at once`)
    const observing = await observeEffect(measure, { isGradual: fault.isGradual === true, signal })
    await delay(forMs, undefined, { signal }).catch(() => {})
    proof = await observing.finish(0)
  } finally {
    undoneMs = performance.now()
    await undo()
  }
  const inForceMs = Math.round(undoneMs - startedMs)
  log.step(`${fault.name} of ${on} undone after ${(inForceMs / 1_000).toFixed(1)} s`)
  return {
    fault: fault.name,
    effect: fault.effect,
    targets: names,
    ...(detail !== undefined && { detail }),
    proof,
    inForceMs,
    healthyAfterMs: await untilWell(cluster, undoneMs),
  }
}

async function untilWell(cluster: Cluster, sinceMs: number): Promise<number> {
  try {
    await cluster.untilHealthy()
  } catch (thrown) {
    if (!(thrown instanceof DeadlineError)) throw thrown
    const waitedMs = Math.round(performance.now() - sinceMs)
    throw new GuaranteeBrokenError(
      `${messageOf(thrown)}; the fault was undone ${waitedMs} ms ago`,
      { expectation: 'members-healthy' },
      thrown,
    )
  }
  return Math.round(performance.now() - sinceMs)
}
