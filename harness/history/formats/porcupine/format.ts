import { InputError } from '../../../core/errors.ts'
import { describeValue } from '../../../core/schema/mismatch.ts'
import { buildHistory, type PlacedEvent } from '../conversion.ts'
import {
  type Element,
  type FilePlace,
  type HistoryFormat,
  type Refuse,
  refuseIn,
} from '../format.ts'
import { readJson } from '../json.ts'
import { isWrapper } from '../not-histories.ts'
import { withinMemory } from '../room.ts'
import { type Answer, answerBeside, answerOf, isRead } from './answers.ts'
import {
  callOf,
  clientOf,
  type Fields,
  isFlat,
  isTimeName,
  lowerNames,
  nameOf,
  returnOf,
} from './fields.ts'

/**
 * Porcupine's operations as JSON, an array of
 * `{"ClientId","Input":{"op","key","value"},"Call","Output":{"value"},"Return"}`: names in any case,
 * times in any unit; or with the input's fields and the answer's `value` beside the times. `op` is get,
 * put or append (`kv`), or read, write or cas (`cas-register`).
 */
export const porcupineJson: HistoryFormat = {
  name: 'porcupine-json',
  recognizes: (beginning) =>
    /^\uFEFF?\s*(?:\[\s*)?\{/.test(beginning) &&
    !isWrapper(beginning) &&
    ((/"input"\s*:/i.test(beginning) && /"call"\s*:/i.test(beginning)) || isFlat(beginning)),
  read: (text, file) => {
    const refuse = refuseIn(file)
    const elements = readJson(text, refuse, exactTimes)
    const held = withinMemory(elements, refuse, { eventsPerElement: 2 })
    const read = Array.from(held, (each) => operationOf(each, refuse))
    const isOfValues = holdsOtherValues(read)
    const operations = isOfValues ? read.map(asRegister) : read
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

/** Nanoseconds since 1970 are beyond exact numbers, and order the events here. */
function exactTimes(name: string, value: unknown, { source }: { readonly source?: string }) {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !isTimeName(name)) return value
  return /^\d+$/.test(source ?? '') ? BigInt(source as string) : value
}

function operationOf({ value, place }: Element, refuse: Refuse): Porcupine {
  const fields = lowerNames(value) ?? {}
  const isBeside = fields.input === undefined && nameOf(fields) !== undefined
  const input = isBeside ? fields : lowerNames(fields.input)
  if (input === undefined) {
    return refuse(place, `Expected \`Input\` to be an object, got ${describeValue(fields.input)}`)
  }
  if (robustness.has(input.type)) {
    const found = "one client's of etcd's robustness test: give the directory with all client-N"
    return refuse(place, `Expected operations of registers, got ${found}`)
  }
  const { key } = input
  const op = nameOf(input)
  if (typeof op !== 'string' || !models.has(op.toLowerCase())) {
    const known = [...models.keys()].join(', ')
    return refuse(place, `Expected \`op\` to be one of ${known}, got ${describeValue(op)}`)
  }
  const [call, returned] = [callOf(fields), returnOf(fields)]
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
    client: clientOf(fields),
    op: op.toLowerCase(),
    ...(key !== undefined && key !== null && { key: keyOf(key) }),
    value: argumentOf(op.toLowerCase(), input),
    call,
    answer: answerOf(
      op.toLowerCase(),
      isBeside ? answerBeside(fields, place, refuse) : fields.output,
      {
        place,
        refuse,
      },
    ),
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

/** A key-value store that holds other values than texts, and to which nothing is appended. */
function holdsOtherValues(operations: readonly Porcupine[]): boolean {
  const values = operations.flatMap(({ value, answer }) => [value, answer.value])
  const isOther = (value: unknown) =>
    value !== undefined && value !== null && typeof value !== 'string'
  return operations.every(({ op }) => op === 'get' || op === 'put') && values.some(isOther)
}

/** Each of its keys is a register: missing is empty. */
function asRegister(operation: Porcupine): Porcupine {
  return { ...operation, op: operation.op === 'get' ? 'read' : 'write' }
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

function invocationOf({ op, key, value }: Porcupine) {
  const named = { type: 'invoke' as const, ...(key !== undefined && { key }) }
  return isRead(op) ? named : { ...named, value: value ?? null }
}

/** A cas has `value` as ours, `from` and `to`, or `old` and `new`. */
function argumentOf(op: string, { value, from, to, old, new: fresh }: Fields): unknown {
  return op === 'cas' && value === undefined ? [from ?? old ?? null, to ?? fresh ?? null] : value
}
