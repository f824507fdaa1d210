import type { OperationKind } from '../history/request.ts'

/** What clients do, as plain data: drawn from the seed, sent at a fixed rate whatever the answers. */
export interface WorkloadSpec {
  /** Operations per second over all clients; open loop. */
  readonly ratePerS: number
  readonly keys: number
  /** Exponent of a Zipf distribution over the keys; absent or 0 = uniform. */
  readonly zipf?: number
  readonly valueBytes: number
  /** Weights of each kind of operation. */
  readonly mix: Readonly<Partial<Record<OperationKind, number>>>
  /** Deadline of one request; afterwards the outcome is unknown. */
  readonly timeoutMs: number
  /** Programs beside the open loop: what watchers receive settles their unknown outcomes. */
  readonly programs?: readonly ProgramSpec[]
}

/** Clients whose next request depends on the last answer: docs/WORKLOADS.md. */
export interface ProgramSpec {
  readonly name: ProgramName
  /** Requests per second over all its clients, while answers come in time. */
  readonly ratePerS: number
  /** In an outage each client leaves at most one conditional write unknown. */
  readonly clients: number
}

export type ProgramName =
  | 'transactions'
  | 'deletes'
  | 'append-lists'
  | 'sets'
  | 'bank'
  | 'locks'
  | 'kubernetes'
  | 'leases'
  | 'brief-leases'

/** Requests per second over the open loop and all programs. */
export function totalRatePerS({ ratePerS, programs = [] }: WorkloadSpec): number {
  return programs.reduce((sum, program) => sum + program.ratePerS, ratePerS)
}
