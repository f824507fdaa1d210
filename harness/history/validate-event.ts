import { expected } from './expected.ts'
import type { HistoryEvent, HistoryHeader, Model } from './operations.ts'
import { valueProblem } from './validate-value.ts'

/** What `f` may be in each model; docs/HISTORY.md says what each means. */
export const operationsOf: Readonly<Record<Model, readonly string[]>> = {
  etcd: ['put', 'get', 'delete', 'cas', 'txn', 'range'],
  'cas-register': ['read', 'write', 'cas'],
  kv: ['get', 'put', 'append'],
}

const eventTypes = ['invoke', 'ok', 'fail', 'info', 'fault'] as const
type Fields = Record<string, unknown>

/**
 * What is wrong with a header, as "Expected …, got …"; undefined when nothing is. Its model does
 * not matter when another one was asked for.
 */
export function headerProblem(header: unknown, asked?: Model): string | undefined {
  if (!isObject(header)) return expected('the header', 'a JSON object', header)
  if (header.format !== 'gauntlet-history/1') {
    return expected('`format` of the header', '"gauntlet-history/1"', header.format)
  }
  const hasModel = typeof header.model === 'string' && Object.hasOwn(operationsOf, header.model)
  if (!hasModel && asked === undefined) {
    const models = Object.keys(operationsOf).join(', ')
    return expected('`model` of the header', `one of ${models}`, header.model)
  }
  const { seed } = header
  if (seed !== undefined && typeof seed !== 'number' && typeof seed !== 'string') {
    return expected('`seed` of the header', 'a number or a string', seed)
  }
  return undefined
}

/** What is wrong with an event by itself, whatever came before it; undefined when nothing is. */
export function eventProblem(event: unknown, model: Model): string | undefined {
  if (!isObject(event)) return expected('an event', 'a JSON object', event)
  if (event.type === undefined && event.format !== undefined) {
    return 'Expected an event, got a second header'
  }
  const type = event.type as (typeof eventTypes)[number]
  if (!eventTypes.includes(type)) {
    return expected('`type`', `one of ${eventTypes.join(', ')}`, event.type)
  }
  if (!isTime(event.timeNs)) return expected('`timeNs`', 'an integer from 0', event.timeNs)
  return type === 'fault' ? faultProblem(event) : operationProblem(event, model)
}

/** Narrows what `eventProblem` or `headerProblem` found nothing wrong with. */
export const asEvent = (checked: unknown) => checked as HistoryEvent
export const asHeader = (checked: unknown) => checked as HistoryHeader

function faultProblem(event: Fields): string | undefined {
  if (typeof event.name !== 'string') return expected('`name`', 'a string', event.name)
  if (event.phase !== 'begin' && event.phase !== 'end') {
    return expected('`phase`', 'begin or end', event.phase)
  }
  const { targets } = event
  return Array.isArray(targets) && targets.every((target) => typeof target === 'string')
    ? undefined
    : expected('`targets`', 'an array of member names', targets)
}

function operationProblem(event: Fields, model: Model): string | undefined {
  if (!isCount(event.process)) return expected('`process`', 'an integer from 0', event.process)
  const known = operationsOf[model]
  if (typeof event.f !== 'string' || !known.includes(event.f)) {
    return expected(`\`f\` in the model ${model}`, `one of ${known.join(', ')}`, event.f)
  }
  return fieldsProblem(event) ?? keyProblem(event, model) ?? valueProblem(event, model)
}

const isText = (value: unknown) => typeof value === 'string'
const isTruth = (value: unknown) => typeof value === 'boolean'

/** Optional fields, whatever `f` is. */
const optionalFields: readonly (readonly [string, (value: unknown) => boolean, string])[] = [
  ['key', isText, 'a string'],
  ['member', isText, 'a string'],
  ['error', isText, 'a string'],
  ['revision', isCount, 'an integer from 0'],
  ['modRevision', isCount, 'an integer from 0'],
  ['deleted', isCount, 'an integer from 0'],
  ['count', isCount, 'an integer from 0'],
  ['limit', isCount, 'an integer from 0'],
  ['atRevision', isCount, 'an integer from 0'],
  ['applied', isTruth, 'true or false'],
  ['serializable', isTruth, 'true or false'],
  ['more', isTruth, 'true or false'],
  ['end', isText, 'a string'],
]

function fieldsProblem(event: Fields): string | undefined {
  for (const [field, holds, wanted] of optionalFields) {
    const value = event[field]
    if (value !== undefined && !holds(value)) return expected(`\`${field}\``, wanted, value)
  }
  return undefined
}

/** In the `etcd` model the store is one object, so nothing but a transaction can do without a key. */
function keyProblem(event: Fields, model: Model): string | undefined {
  if (model !== 'etcd' || event.type !== 'invoke' || event.f === 'txn') return undefined
  return event.key === undefined ? expected('`key`', 'a string', undefined) : undefined
}

/** Nanoseconds since an epoch are past what counts exactly; a time only has to be drawn. */
function isTime(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 63
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
