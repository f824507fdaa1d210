import { describeValue } from '../../../core/schema/mismatch.ts'
import type { Element, FilePlace, Refuse } from '../format.ts'

/** One map of a Jepsen history: its fields by their first name, as they stand. */
export interface JepsenMap {
  readonly fields: Readonly<Partial<Record<FieldName, unknown>>>
  readonly place: FilePlace
}

/** Jepsen's own name of each field first, then those of programs that write the same. */
const aliases = {
  type: ['type'],
  process: ['process', 'client', 'clientId', 'client_id', 'thread', 'worker', 'proc'],
  f: ['f', 'op', 'operation'],
  value: ['value'],
  key: ['key'],
  time: ['time', 'time_ns', 't_ns'],
  node: ['node'],
  error: ['error'],
  valid: ['valid?'],
} as const

type FieldName = keyof typeof aliases

const fieldNames = Object.keys(aliases) as FieldName[]

export function readMaps(elements: Iterable<Element>, refuse: Refuse): JepsenMap[] {
  return Array.from(elements, ({ value: map, place }) => {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      return refuse(place, `Expected a map for each operation, got ${describeValue(map)}`)
    }
    const found = map as Readonly<Record<string, unknown>>
    const fields: Partial<Record<FieldName, unknown>> = {}
    for (const name of fieldNames) fields[name] = fieldOf(found, name)
    return { fields, place }
  })
}

/** With names as keywords in EDN, without the colon in JSON. */
function fieldOf(map: Readonly<Record<string, unknown>>, name: FieldName): unknown {
  for (const alias of aliases[name]) {
    const value = map[`:${alias}`] ?? map[alias]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** A keyword's name, or a string as it is. */
export function bare(name: string): string {
  return name.startsWith(':') ? name.slice(1) : name
}
