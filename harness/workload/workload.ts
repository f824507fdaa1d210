import type { OperationKind } from '../history/request.ts'

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
  /** What runs beside the open loop. Needs watchers, who settle what programs left unknown. */
  readonly programs?: readonly ProgramSpec[]
}

/** Clients whose next request depends on the last answer: docs/WORKLOADS.md. */
export interface ProgramSpec {
  readonly name: ProgramName
  /** Requests per second over all its clients, while they are answered in time. */
  readonly ratePerS: number
  /** Each leaves at most one conditional write unsettled in an outage. */
  readonly clients: number
}

export type ProgramName =
  | 'transactions'
  | 'append-lists'
  | 'sets'
  | 'bank'
  | 'locks'
  | 'kubernetes'
  | 'leases'

/** Requests per second over everything. */
export function totalRatePerS({ ratePerS, programs = [] }: WorkloadSpec): number {
  return programs.reduce((sum, program) => sum + program.ratePerS, ratePerS)
}
