/**
 * The history format, `gauntlet-history/1`: a header line, then one event a line. The order of
 * the lines is the order of the events; `timeNs` is for people and charts.
 */
export type Model = 'etcd' | 'cas-register' | 'kv'

export interface HistoryHeader {
  readonly format: 'gauntlet-history/1'
  readonly model: Model
  /** What a register holds before anything was written; null = empty. */
  readonly initial?: unknown
  readonly seed?: number | string
  readonly [field: string]: unknown
}

export type Outcome = 'ok' | 'fail' | 'info'

/** One line of a request's life: its invocation, or its completion. */
export interface OperationEvent {
  readonly type: 'invoke' | Outcome
  readonly process: number
  readonly f: string
  readonly timeNs: number
  readonly key?: string
  readonly value?: unknown
  readonly member?: string
  /** The response header's revision. */
  readonly revision?: number
  readonly modRevision?: number
  readonly serializable?: boolean
  readonly applied?: boolean
  readonly deleted?: number
  readonly error?: string
  readonly [field: string]: unknown
}

export interface FaultEvent {
  readonly type: 'fault'
  readonly name: string
  readonly phase: 'begin' | 'end'
  readonly targets: readonly string[]
  readonly timeNs: number
  readonly [field: string]: unknown
}

export type HistoryEvent = OperationEvent | FaultEvent

export interface History {
  readonly header: HistoryHeader
  readonly events: readonly HistoryEvent[]
}

/** An invocation joined with its completion. One never completed has the outcome `info`. */
export interface Operation {
  readonly process: number
  readonly f: string
  readonly outcome: Outcome
  readonly invoke: OperationEvent
  /** Absent when the operation was never completed. */
  readonly completion?: OperationEvent
  /**
   * Positions in `History.events`. One that never completed, or completed as `info`, ends at
   * Infinity: it may still take effect.
   */
  readonly invokeIndex: number
  readonly completeIndex: number
}
