/** What clients do, as plain data: drawn from the seed, sent at a fixed rate whatever comes back. */
export interface WorkloadSpec {
  /** Operations per second over all clients; open loop. */
  readonly ratePerS: number
  readonly keys: number
  readonly valueBytes: number
  /** Weights of each kind of operation. */
  readonly mix: Readonly<Partial<Record<OperationKind, number>>>
  /** Deadline of one request; past it the outcome is unknown. */
  readonly timeoutMs: number
}

export type OperationKind = 'put' | 'get' | 'serializable-get' | 'delete' | 'cas'

/** One request to be sent: what, on which key, through which member. */
export interface PlannedOperation {
  readonly kind: OperationKind
  readonly key: string
  /** put: the value; cas: `[old, new]`, old null = missing. */
  readonly value?: string | readonly [string | null, string]
  /** Index into the cluster's members. */
  readonly memberIndex: number
}
