import type { TProperties } from 'typebox'
import { describeValue } from '../../core/schema/mismatch.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, findProblem, type Validator } from '../../core/schema/validator.ts'
import type { Model, OperationEvent } from '../operations.ts'
import {
  anyModelHeaderSchema,
  eventSchema,
  faultSchema,
  headerSchema,
  operationSchema,
} from './event.ts'
import { findInexactNumber } from './exact-numbers.ts'
import { type OperationFields, operationFields } from './model.ts'

const headers = createValidator(headerSchema)
const headersOfAnyModel = createValidator(anyModelHeaderSchema)
const events = createValidator(eventSchema)
const operations = createValidator(operationSchema)
const faults = createValidator(faultSchema)

type ByType = ReadonlyMap<string, Validator<unknown>>

/**
 * By model, `f` and type: one check of all that an event has. Events of one kind have one shape in
 * memory, so that each check runs as fast as V8 can, on a million lines.
 */
const kinds: ReadonlyMap<string, ReadonlyMap<string, ByType>> = new Map(
  Object.entries(operationFields).map(([model, byF]) => [
    model,
    new Map(Object.entries(byF).map(([f, own]) => [f, validatorsOf(own)])),
  ]),
)

function validatorsOf({ invoke = {}, ok = {} }: OperationFields): ByType {
  const { type: _type, f: _f, ...common } = operationSchema.properties
  const validator = (own: TProperties) => createValidator(Type.Object({ ...common, ...own }))
  const unknown = validator({})
  return new Map([
    ['invoke', validator(invoke)],
    ['ok', validator(ok)],
    ['fail', unknown],
    ['info', unknown],
  ])
}

/**
 * The problem of a header, as "Expected …, got …"; undefined when there is none. Its model does not
 * matter when the user names another one.
 */
export function findHeaderProblem(header: unknown, model?: Model): string | undefined {
  const validator: Validator<unknown> = model === undefined ? headers : headersOfAnyModel
  return findProblem(validator, header, { what: 'the header', of: 'the header' })
}

/** The problem of one event, whatever came before it; undefined when there is none. */
export function findEventProblem(event: unknown, model: Model): string | undefined {
  const { type, f, value } = (event ?? {}) as Partial<OperationEvent>
  const validator = kinds
    .get(model)
    ?.get(f as string)
    ?.get(type as string)
  if (validator?.accepts(event) === true) {
    return holdsAnyJson.has(model) ? findValueProblem(value) : undefined
  }
  return faults.accepts(event) ? undefined : explain(event, model)
}

const holdsAnyJson: ReadonlySet<Model> = new Set(['cas-register', 'set'])

/** Values of a register are any JSON, and are compared: each number must be one of its own. */
function findValueProblem(value: unknown): string | undefined {
  const number = findInexactNumber(value)
  if (number === undefined) return undefined
  return `Expected numbers in \`value\` to be at most 2^53 - 1 (larger ones as strings), got ${number}`
}

/** The problem of an event in any model: `f` may be any text. */
export function findGeneralProblem(event: unknown): string | undefined {
  if (isHeader(event)) return 'Expected an event, got a second header'
  const isFault = (event as { readonly type?: unknown } | null)?.type === 'fault'
  const source = { what: 'an event' }
  return (
    findProblem(events, event, source) ?? findProblem(isFault ? faults : operations, event, source)
  )
}

/** Why an event is neither a fault nor an operation of the model: from general to special. */
function explain(event: unknown, model: Model): string | undefined {
  const general = findGeneralProblem(event)
  if (general !== undefined) return general
  const { type, f } = event as OperationEvent
  const byF = kinds.get(model)
  const validator = byF?.get(f)?.get(type)
  if (validator !== undefined) return findProblem(validator, event, { what: 'an event', of: f })
  const known = [...(byF?.keys() ?? [])].join(', ')
  return `Expected \`f\` in the model ${model} to be one of ${known}, got ${describeValue(f)}`
}

function isHeader(event: unknown): boolean {
  const { type, format } = (event ?? {}) as { readonly type?: unknown; readonly format?: unknown }
  return type === undefined && format !== undefined
}
