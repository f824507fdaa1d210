import { InputError } from '../core/errors.ts'
import { describeValue } from '../core/schema/mismatch.ts'
import type { History, Model, OperationEvent } from './operations.ts'
import { findOrderProblem } from './parsing/open-requests.ts'
import { findEventProblem, findHeaderProblem } from './schema/validate-event.ts'

/**
 * Throws an InputError for a history, made by a program, that a file could not have: a wrong header,
 * an event that its model does not know, a completion without its invocation, time that goes
 * backwards. `model` stands for the header's.
 */
export function expectHistory(history: History, model?: Model): void {
  const { header, events } = (history ?? {}) as Partial<History>
  const problem = findHeaderProblem(header, model)
  if (problem !== undefined || header === undefined) throw new InputError(`the history: ${problem}`)
  if (!Array.isArray(events)) {
    throw new InputError(
      `the history: Expected \`events\` to be a list, got ${describeValue(events)}`,
    )
  }
  const open = new Map<number, OperationEvent>()
  let lastNs = 0
  for (const [at, event] of events.entries()) {
    const refuse = (text: string) => {
      throw new InputError(`event ${at} of the history: ${text}`, { event: at })
    }
    const wrong = findEventProblem(event, model ?? header.model)
    if (wrong !== undefined) refuse(wrong)
    const conflict = event.type === 'fault' ? undefined : findOrderProblem(open, event)
    if (conflict !== undefined) refuse(conflict)
    if (event.timeNs < lastNs) refuse('Expected `timeNs` not to go backwards')
    lastNs = event.timeNs
  }
}
