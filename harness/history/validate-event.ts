import Type, { type TProperties } from 'typebox'
import { createValidator, findProblem, formatMismatch, type Validator } from '../core/schema.ts'
import { describeValue } from '../core/schema-mismatch.ts'
import {
  anyModelHeaderSchema,
  eventSchema,
  faultSchema,
  headerSchema,
  operationSchema,
} from './event-schema.ts'
import { findInexactNumber } from './exact-numbers.ts'
import { operationFields } from './model-schema.ts'
import type { Model, OperationEvent } from './operations.ts'

const headers = createValidator(headerSchema)
const headersOfAnyModel = createValidator(anyModelHeaderSchema)
const events = createValidator(eventSchema)
const operations = createValidator(operationSchema)
const faults = createValidator(faultSchema)

/** By model, `f` and type of event: what an event has of its own. */
const fields = new Map(
  Object.entries(operationFields).map(([model, byF]) => [model, mapValues(byF, compileFields)]),
)

/**
 * What is wrong with a header, as "Expected …, got …"; undefined when nothing is. Its model does
 * not matter when another one was asked for.
 */
export function findHeaderProblem(header: unknown, asked?: Model): string | undefined {
  const validator: Validator<unknown> = asked === undefined ? headers : headersOfAnyModel
  return findProblem(validator, header, { what: 'the header', of: 'the header' })
}

/** What is wrong with an event by itself, whatever came before it; undefined when nothing is. */
export function findEventProblem(event: unknown, model: Model): string | undefined {
  if (operations.accepts(event)) return findOperationProblem(event as OperationEvent, model)
  return faults.accepts(event) ? undefined : explainEvent(event)
}

function findOperationProblem(event: OperationEvent, model: Model): string | undefined {
  const byF = fields.get(model)
  const byType = byF?.get(event.f)
  if (byType === undefined) {
    const known = [...(byF?.keys() ?? [])].join(', ')
    return `Expected \`f\` in the model ${model} to be one of ${known}, got ${describeValue(event.f)}`
  }
  const mismatch = byType.get(event.type)?.findMismatch(event)
  if (mismatch !== undefined) return formatMismatch(mismatch, { what: 'an event', of: event.f })
  return model === 'cas-register' ? findValueProblem(event.value) : undefined
}

/** Values of a register are any JSON, and are compared: each number must be one of its own. */
function findValueProblem(value: unknown): string | undefined {
  const number = findInexactNumber(value)
  if (number === undefined) return undefined
  return `Expected numbers in \`value\` to be at most 2^53 - 1 (larger ones as strings), got ${number}`
}

/** Of an event that is neither an operation nor a fault. */
function explainEvent(event: unknown): string | undefined {
  if (isHeader(event)) return 'Expected an event, got a second header'
  const source = { what: 'an event' }
  const isFault = (event as { readonly type?: unknown } | null)?.type === 'fault'
  return (
    findProblem(events, event, source) ?? findProblem(isFault ? faults : operations, event, source)
  )
}

function isHeader(event: unknown): boolean {
  const { type, format } = (event ?? {}) as { readonly type?: unknown; readonly format?: unknown }
  return type === undefined && format !== undefined
}

function compileFields(byType: Readonly<Record<string, TProperties>>) {
  return mapValues(byType, (properties) => createValidator(Type.Object(properties)))
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): ReadonlyMap<string, Mapped> {
  return new Map(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
