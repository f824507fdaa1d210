import { InputError } from '../../core/errors.ts'
import { describeValue } from '../../core/schema-mismatch.ts'
import type { OperationEvent } from '../operations.ts'
import { buildHistory, type PlacedEvent } from './conversion.ts'
import {
  type Element,
  type FilePlace,
  type HistoryFormat,
  type Refuse,
  refuseIn,
} from './format.ts'
import { readJson } from './json.ts'

/**
 * Porcupine's operations as JSON, an array of
 * `{"ClientId","Input":{"op","key","value"},"Call","Output":{"value"},"Return"}`: names in any case,
 * times in any unit. `op` is get, put or append (`kv`), or read, write or cas (`cas-register`).
 */
export const porcupineJson: HistoryFormat = {
  name: 'porcupine-json',
  holds: "operations with Call and Return as Porcupine's: get, put, append, or read, write, cas",
  recognizes: (beginning) =>
    /^\uFEFF?\s*\[?\s*\{/.test(beginning) &&
    /"input"\s*:/i.test(beginning) &&
    /"call"\s*:/i.test(beginning),
  read: (text, file) => {
    const refuse = refuseIn(file)
    const operations = readJson(text, refuse, exactTimes).map((each) => operationOf(each, refuse))
    return buildHistory(modelOf(operations, file), eventsOf(operations), { refuse })
  },
}

type Time = number | bigint

interface Porcupine {
  readonly client: unknown
  readonly op: string
  readonly key?: string
  readonly value: unknown
  readonly call: Time
  readonly answer: Answer
  /** Undefined when it never returned. */
  readonly returned: Time | undefined
  readonly place: FilePlace
}

type Fields = Readonly<Record<string, unknown>>

/** Nanoseconds since 1970 are beyond exact numbers, and order the events here. */
function exactTimes(name: string, value: unknown, { source }: { readonly source?: string }) {
  const isTime = /^(?:call|return)$/i.test(name) && typeof value === 'number'
  return isTime && !Number.isSafeInteger(value) && /^\d+$/.test(source ?? '')
    ? BigInt(source as string)
    : value
}

function operationOf({ value, place }: Element, refuse: Refuse): Porcupine {
  const fields = lowerNames(value) ?? {}
  const input = lowerNames(fields.input)
  if (input === undefined) {
    return refuse(place, `Expected \`Input\` to be an object, got ${describeValue(fields.input)}`)
  }
  if (robustness.has(input.type)) {
    const found = "one client's of etcd's robustness test: give the directory with all client-N"
    return refuse(place, `Expected operations of registers, got ${found}`)
  }
  const { op = input.f, key } = input
  if (typeof op !== 'string' || !models.has(op.toLowerCase())) {
    const known = [...models.keys()].join(', ')
    return refuse(place, `Expected \`op\` to be one of ${known}, got ${describeValue(op)}`)
  }
  const { call, return: returned } = fields
  if (!isTime(call)) {
    return refuse(place, `Expected \`Call\` to be a number from 0, got ${describeValue(call)}`)
  }
  const isOpen = returned === undefined || returned === null
  if (!isOpen && !isTime(returned)) {
    return refuse(place, `Expected \`Return\` to be a number, got ${describeValue(returned)}`)
  }
  if (isTime(returned) && returned < call) {
    return refuse(place, `Expected \`Return\` to be ${call} or later, got ${returned}`)
  }
  return {
    client: fields.clientid,
    op: op.toLowerCase(),
    ...(key !== undefined && key !== null && { key: keyOf(key) }),
    value: argumentOf(op.toLowerCase(), input),
    call,
    answer: answerOf(op.toLowerCase(), fields.output, { place, refuse }),
    returned: isTime(returned) ? returned : undefined,
    place,
  }
}

/** `Input.Type` in the `operations.json` of etcd's robustness test. */
const robustness: ReadonlySet<unknown> = new Set([
  'range',
  'txn',
  'leaseGrant',
  'leaseRevoke',
  'defragment',
  'compact',
])

const models: ReadonlyMap<string, 'kv' | 'cas-register'> = new Map([
  ['get', 'kv'],
  ['put', 'kv'],
  ['append', 'kv'],
  ['read', 'cas-register'],
  ['write', 'cas-register'],
  ['cas', 'cas-register'],
])

function modelOf(operations: readonly Porcupine[], file: string) {
  const used = new Set(operations.map(({ op }) => models.get(op) ?? 'kv'))
  const [model = 'kv'] = used
  if (used.size < 2) return model
  const names = 'get, put, append or of read, write, cas'
  throw new InputError(`${file}: Expected \`op\` to be of ${names}, got both in one file`, { file })
}

const isTime = (value: unknown): value is Time =>
  typeof value === 'bigint' || (Number.isFinite(value) && Number(value) >= 0)

function keyOf(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

function lowerNames(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.toLowerCase(), held]))
}

/** As Porcupine orders them: by time, calls before returns of the same time. */
function eventsOf(operations: readonly Porcupine[]): PlacedEvent[] {
  const moments = operations.flatMap((operation) => {
    const { call, returned } = operation
    const begin = { atTime: call, isCall: true, operation }
    return returned === undefined
      ? [begin]
      : [begin, { atTime: returned, isCall: false, operation }]
  })
  moments.sort((one, other) => {
    if (one.atTime < other.atTime) return -1
    if (one.atTime > other.atTime) return 1
    return Number(other.isCall) - Number(one.isCall)
  })
  const first = moments[0]?.atTime ?? 0
  const processOf = assignProcesses(operations)
  return moments.map(({ atTime, isCall, operation }) => {
    const timeNs = Math.round(Number(atTime) - Number(first))
    const common = { process: processOf(operation, isCall), f: operation.op, timeNs }
    const event = isCall ? invocationOf(operation) : operation.answer
    return { event: { ...common, ...event }, place: operation.place }
  })
}

/** A client's number, while it has one request at a time; a number of its own for each other one. */
function assignProcesses(operations: readonly Porcupine[]) {
  const clients = operations.map(({ client }) => client).filter(isProcess)
  let next = clients.reduce((most, client) => Math.max(most, client), -1) + 1
  const busy = new Set<number>()
  const given = new Map<Porcupine, number>()
  return (operation: Porcupine, isCall: boolean): number => {
    const known = given.get(operation)
    if (!isCall && known !== undefined) {
      busy.delete(known)
      return known
    }
    const { client } = operation
    const process = isProcess(client) && !busy.has(client) ? client : next++
    busy.add(process)
    given.set(operation, process)
    return process
  }
}

function isProcess(client: unknown): client is number {
  return Number.isSafeInteger(client) && Number(client) >= 0
}

/** The fields of an event that say what was asked or answered. */
type Answer = Pick<OperationEvent, 'type' | 'value' | 'applied' | 'error'>

function invocationOf({ op, key, value }: Porcupine) {
  const named = { type: 'invoke' as const, ...(key !== undefined && { key }) }
  return isRead(op) ? named : { ...named, value: value ?? null }
}

const isRead = (op: string) => op === 'get' || op === 'read'

/** A cas has `value` as ours, `from` and `to`, or `old` and `new`. */
function argumentOf(op: string, { value, from, to, old, new: fresh }: Fields): unknown {
  return op === 'cas' && value === undefined ? [from ?? old ?? null, to ?? fresh ?? null] : value
}

/**
 * What returned. An answer that says `unknown`, an error, or `ok: false` of anything but a cas asserts
 * nothing, and neither does `null`. An answer that is no object is the value of the read.
 */
function answerOf(
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
