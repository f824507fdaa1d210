import { describeValue } from '../../../core/schema/mismatch.ts'
import type { OperationEvent } from '../../operations.ts'
import type { FilePlace, Refuse } from '../format.ts'
import { type Fields, hasHappened, lowerNames } from './fields.ts'

/** The fields of an event that say what was asked or answered. */
export type Answer = Pick<OperationEvent, 'type' | 'value' | 'applied' | 'error'>

export const isRead = (op: string) => op === 'get' || op === 'read'

/** Of an operation that has its input beside its times: what `Output` would hold. */
export function answerBeside(fields: Fields, place: FilePlace, refuse: Refuse): unknown {
  const outcome = hasHappened(fields)
  if (typeof outcome === 'string') {
    refuse(place, `Expected the outcome to be ok, fail or unknown, got ${describeValue(outcome)}`)
  }
  if (outcome === false) return { unknown: true }
  if (fields.output !== undefined) return fields.output
  const { result = fields.value, applied, error } = fields
  return { value: result, error, ...(applied !== undefined && { applied }) }
}

/**
 * What returned. An answer that says `unknown`, an error, or `ok: false` of anything but a cas asserts
 * nothing, and neither does `null`. An answer that is no object is the value of the read.
 */
export function answerOf(
  op: string,
  output: unknown,
  { place, refuse }: { readonly place: FilePlace; readonly refuse: Refuse },
): Answer {
  if (output === undefined || output === null) return { type: op === 'cas' ? 'info' : 'ok' }
  const fields = lowerNames(output) ?? { value: output }
  const { ok = fields.applied, unknown, error = fields.err, value } = fields
  if (unknown === true) return { type: 'info' }
  if (error !== undefined && error !== null && error !== '' && error !== false) {
    return { type: 'info', error: typeof error === 'string' ? error : JSON.stringify(error) }
  }
  if (op === 'cas') return typeof ok === 'boolean' ? { type: 'ok', applied: ok } : { type: 'info' }
  if (ok === false) return { type: 'info' }
  if (!isRead(op)) return { type: 'ok' }
  if (value !== undefined) return { type: 'ok', value }
  return refuse(place, `Expected \`Output\` of a ${op} to have \`value\`, got none`)
}
