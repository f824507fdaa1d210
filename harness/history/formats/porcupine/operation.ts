import { describeValue } from '../../../core/schema/mismatch.ts'
import type { Element, FilePlace, Refuse } from '../format.ts'
import { type Answer, answerBeside, answerOf } from './answers.ts'
import { callOf, clientOf, type Fields, lowerNames, nameOf, returnOf } from './fields.ts'

type Time = number | bigint

export interface PorcupineOperation {
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

/** Which model an operation belongs to. */
export const models: ReadonlyMap<string, 'kv' | 'cas-register'> = new Map([
  ['get', 'kv'],
  ['put', 'kv'],
  ['append', 'kv'],
  ['read', 'cas-register'],
  ['write', 'cas-register'],
  ['cas', 'cas-register'],
])

export function operationOf({ value, place }: Element, refuse: Refuse): PorcupineOperation {
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
  return {
    client: clientOf(fields),
    op: op.toLowerCase(),
    ...(key !== undefined && key !== null && { key: keyOf(key) }),
    value: argumentOf(op.toLowerCase(), input),
    ...timesOf(fields, place, refuse),
    answer: answerOf(
      op.toLowerCase(),
      isBeside ? answerBeside(fields, place, refuse) : fields.output,
      {
        place,
        refuse,
      },
    ),
    place,
  }
}

function timesOf(
  fields: Fields,
  place: FilePlace,
  refuse: Refuse,
): Pick<PorcupineOperation, 'call' | 'returned'> {
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
  return { call, returned: isTime(returned) ? returned : undefined }
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

const isTime = (value: unknown): value is Time =>
  typeof value === 'bigint' || (Number.isFinite(value) && Number(value) >= 0)

function keyOf(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

/** A cas has `value` as ours, `from` and `to`, or `old` and `new`. */
function argumentOf(op: string, { value, from, to, old, new: fresh }: Fields): unknown {
  return op === 'cas' && value === undefined ? [from ?? old ?? null, to ?? fresh ?? null] : value
}
