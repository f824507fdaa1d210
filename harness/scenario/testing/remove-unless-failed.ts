import { rmSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { Log } from '../../core/log.ts'

export interface KeptEvidence {
  readonly directory: string
  /** Repeats the scenario. */
  readonly seed: number
  readonly log: Log
}

/** Removes the evidence once the running test has passed; of one that failed it says where it is. */
export function removeUnlessFailed(evidence: KeptEvidence): void {
  onTestFinished(({ task }) => endEvidence(evidence, task.result?.state))
}

/** `state` is vitest's, of the test that has finished. */
export function endEvidence({ directory, seed, log }: KeptEvidence, state?: string): void {
  if (state === 'pass') rmSync(directory, { recursive: true })
  else log.warn(`seed ${seed}, evidence in ${directory}`)
}
