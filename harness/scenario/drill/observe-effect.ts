import { setTimeout as delay } from 'node:timers/promises'
import type { Proof } from '../../core/effect.ts'
import { messageOf } from '../../core/errors.ts'
import type { Measure } from '../../faults/fault.ts'

export interface Observing {
  /** The proof, while the fault is still in force; waits so long for a gradual effect to show. */
  finish(graceMs: number): Promise<Proof>
}

const intervalMs = 250

/**
 * Measures the effect of a fault that has just been injected: once, before this resolves, because
 * what a scenario does later must not pass for it. A gradual effect is measured beside the scenario
 * instead, again and again, until it shows or `finish` gives up.
 */
export async function observeEffect(
  measure: Measure,
  { isGradual, signal }: { readonly isGradual: boolean; readonly signal: AbortSignal },
): Promise<Observing> {
  const first = measureSafely(measure)
  if (!isGradual) await first
  const ending = new AbortController()
  const measuring = repeat()
  return {
    finish: async (graceMs) => {
      const timer = setTimeout(() => ending.abort(), graceMs)
      return measuring.finally(() => clearTimeout(timer))
    },
  }

  async function repeat(): Promise<Proof> {
    let proof = await first
    const ended = AbortSignal.any([ending.signal, signal])
    while (isGradual && !proof.observed && !ended.aborted) {
      await delay(intervalMs, undefined, { signal: ended }).catch(() => {})
      proof = await measureSafely(measure)
    }
    return proof
  }
}

async function measureSafely(measure: Measure): Promise<Proof> {
  try {
    return await measure()
  } catch (thrown) {
    const measured = [{ at: 'cluster', what: 'probe', now: messageOf(thrown) }]
    return { observed: false, expected: 'a measurement', measured }
  }
}
