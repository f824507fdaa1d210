import { InputError } from '../../../core/errors.ts'
import { buildHistory } from '../conversion.ts'
import { type HistoryFormat, refuseIn } from '../format.ts'
import { readJson } from '../json.ts'
import { isWrapper } from '../not-histories.ts'
import { withinMemory } from '../room.ts'
import { eventsOf } from './events.ts'
import { isFlat, isTimeName } from './fields.ts'
import { models, operationOf, type PorcupineOperation } from './operation.ts'

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

/** Nanoseconds since 1970 are beyond exact numbers, and order the events here. */
function exactTimes(name: string, value: unknown, { source }: { readonly source?: string }) {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !isTimeName(name)) return value
  return /^\d+$/.test(source ?? '') ? BigInt(source as string) : value
}

/** A key-value store that holds other values than texts, and to which nothing is appended. */
function holdsOtherValues(operations: readonly PorcupineOperation[]): boolean {
  const values = operations.flatMap(({ value, answer }) => [value, answer.value])
  const isOther = (value: unknown) =>
    value !== undefined && value !== null && typeof value !== 'string'
  return operations.every(({ op }) => op === 'get' || op === 'put') && values.some(isOther)
}

/** Each of its keys is a register: missing is empty. */
function asRegister(operation: PorcupineOperation): PorcupineOperation {
  return { ...operation, op: operation.op === 'get' ? 'read' : 'write' }
}

function modelOf(operations: readonly PorcupineOperation[], file: string) {
  const used = new Set(operations.map(({ op }) => models.get(op) ?? 'kv'))
  const [model = 'kv'] = used
  if (used.size < 2) return model
  const names = 'get, put, append or of read, write, cas'
  throw new InputError(`${file}: Expected \`op\` to be of ${names}, got both in one file`, { file })
}
