import type { HistoryEvent, HistoryHeader, Model, OperationEvent } from '../operations.ts'
import { findOrderProblem } from '../parsing/open-requests.ts'
import { findEventProblem } from '../schema/validate-event.ts'
import type { ConvertedHistory, FilePlace, Refuse } from './format.ts'

/** An event as a reader made it, not yet checked. */
export interface PlacedEvent {
  readonly event: OperationEvent
  readonly place: FilePlace
}

/**
 * A history of converted events, each checked as one of our own files would be: an event that the
 * model does not allow, or that does not fit its process, is refused with its place.
 */
export function buildHistory(
  model: Model,
  placed: readonly PlacedEvent[],
  { refuse, warnings = [] }: { readonly refuse: Refuse; readonly warnings?: readonly string[] },
): ConvertedHistory {
  const open = new Map<number, OperationEvent>()
  for (const { event, place } of placed) {
    const problem = findEventProblem(event, model) ?? findOrderProblem(open, event)
    if (problem !== undefined) refuse(place, problem)
  }
  const header: HistoryHeader = { format: 'gauntlet-history/1', model }
  const events: readonly HistoryEvent[] = placed.map(({ event }) => event)
  return { history: { header, events }, places: placed.map(({ place }) => place), warnings }
}
