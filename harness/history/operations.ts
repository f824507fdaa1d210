import type { Shape } from '../core/schema/validator.ts'
import type { faultSchema, headerSchema, modelSchema, operationSchema } from './schema/event.ts'

/**
 * The history format, `gauntlet-history/1`: a header line, then one event a line. The order of
 * the lines is the order of the events; `timeNs` is for people and charts.
 */
export type Model = Shape<typeof modelSchema>

/** The first line: the model, what the store held before, and the seed. */
export interface HistoryHeader extends Shape<typeof headerSchema> {
  readonly [field: string]: unknown
}

/** How a request ended: it happened, it certainly did not, or that is unknown. */
export type Outcome = 'ok' | 'fail' | 'info'

/** One line of a request's life: its invocation, or its completion. */
export interface OperationEvent extends Shape<typeof operationSchema> {
  readonly [field: string]: unknown
}

/** A fault came into force or ended; `effect` and `proof` say what it did. */
export interface FaultEvent extends Shape<typeof faultSchema> {
  readonly [field: string]: unknown
}

/**
 * It stands for an event that a checker takes out, so that the indexes of the others stay. Only
 * histories in memory have it: no file does.
 */
export interface RemovedEvent {
  readonly type: 'removed'
  readonly timeNs: number
  readonly [field: string]: unknown
}

/** What a file's line holds. */
export type RecordedEvent = OperationEvent | FaultEvent

/** An event of a history in memory. */
export type HistoryEvent = RecordedEvent | RemovedEvent

/** A header and its events, in the order in which they were recorded. */
export interface History {
  readonly header: HistoryHeader
  readonly events: readonly HistoryEvent[]
}

/** What takes the place of this event. */
export function removedEvent({ timeNs }: HistoryEvent): RemovedEvent {
  return { type: 'removed', timeNs }
}

/** Whether it is an event of a file: anything but the place of a removed one. */
export function isRecorded(event: HistoryEvent): event is RecordedEvent {
  return event.type !== 'removed'
}

/** Whether it is an invocation or a completion. */
export function isOperation(event: HistoryEvent): event is OperationEvent {
  return event.type !== 'fault' && event.type !== 'removed'
}

/** Whether it is the begin or the end of a fault. */
export function isFault(event: HistoryEvent): event is FaultEvent {
  return event.type === 'fault'
}

/** What every log of requests has: of a history, or of leases. */
export interface RequestEvent {
  readonly type: 'invoke' | Outcome
  readonly process: number
  readonly f: string
}

/** An invocation joined with its completion. One never completed has the outcome `info`. */
export interface Operation<
  Invocation extends RequestEvent = OperationEvent,
  Completion extends RequestEvent = Invocation,
> {
  readonly process: number
  readonly f: string
  readonly outcome: Outcome
  readonly invoke: Invocation
  /** Absent when the operation was never completed. */
  readonly completion?: Completion
  /**
   * Positions in `History.events`. One that never completed, or completed as `info`, ends at
   * Infinity: it may still take effect.
   */
  readonly invokeIndex: number
  readonly completeIndex: number
}
