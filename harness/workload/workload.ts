import type { OperationKind } from '../history/request.ts'

export type { OperationKind, PlannedOperation } from '../history/request.ts'

/** What clients do, as plain data: drawn from the seed, sent at a fixed rate whatever comes back. */
export interface WorkloadSpec {
  /** Operations per second over all clients; open loop. */
  readonly ratePerS: number
  readonly keys: number
  /** Exponent of a Zipf distribution over the keys; absent or 0 = uniform. */
  readonly zipf?: number
  readonly valueBytes: number
  /** Weights of each kind of operation. */
  readonly mix: Readonly<Partial<Record<OperationKind, number>>>
  /** Deadline of one request; past it the outcome is unknown. */
  readonly timeoutMs: number
}
