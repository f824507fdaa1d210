import type { Load } from '../../load/index.ts'
import type { BenchPlan } from '../plan.ts'

/** What another tool measured. */
export interface PeerResult {
  readonly writesPerS: number
  /** Processor time of the tool for 10,000 writes, in milliseconds; null where none can be read. */
  readonly cpuMsPer10k: number | null
}

/** Another tool that measures the same cluster, in turn with ours. */
export interface Peer {
  readonly name: string
  run(order: PeerOrder): Promise<PeerResult>
}

export interface PeerOrder {
  readonly plan: BenchPlan
  readonly clients: number
  readonly reach: Pick<Load, 'targets' | 'credentials' | 'credentialFiles'>
  /** What ours reached just before: tells how many writes take how long. */
  readonly oursPerS: number
}
