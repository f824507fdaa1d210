import { describeValue } from '../../core/schema-mismatch.ts'
import type { Element, FilePlace, Refuse } from './format.ts'

/** One map of a Jepsen history by a client; keywords without their colon where a name is meant. */
export interface JepsenOperation {
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly process: number
  readonly f: string
  /** Of a program that writes it beside the value; Jepsen's own are in the value. */
  readonly key?: string
  readonly value: unknown
  /** Nanoseconds since the test's start; undefined when it is missing or none of our numbers. */
  readonly timeNs?: number
  readonly node?: string
  readonly error?: string
  readonly place: FilePlace
}

const types = ['invoke', 'ok', 'fail', 'info']

/** The operations of clients, in order: the nemesis and its kind change no verdict. */
export function readOperations(elements: readonly Element[], refuse: Refuse): JepsenOperation[] {
  return elements.flatMap(({ value: map, place }) => {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      return refuse(place, `Expected a map for each operation, got ${describeValue(map)}`)
    }
    const fields = map as Fields
    const process = fieldOf(fields, 'process')
    if (typeof process === 'string' && isNoClient.has(bare(process))) return []
    return [operationOf(fields, place, refuse)]
  })
}

/** With names as keywords in EDN, without the colon in JSON. */
type Fields = Readonly<Record<string, unknown>>

function fieldOf(fields: Fields, name: string): unknown {
  return fields[`:${name}`] ?? fields[name]
}

const isNoClient: ReadonlySet<string> = new Set(['nemesis', 'logger'])

const names = ['process', 'time', 'key', 'node', 'error', 'value']

function operationOf(fields: Fields, place: FilePlace, refuse: Refuse): JepsenOperation {
  const [process, time, key, node, error, value] = names.map((name) => fieldOf(fields, name))
  const type = nameIn(fields, 'type', place, refuse)
  if (!types.includes(type)) {
    refuse(place, `Expected \`type\` to be one of ${types.join(', ')}, got ${type}`)
  }
  if (!Number.isSafeInteger(process)) {
    const found = describeValue(process)
    refuse(place, `Expected \`process\` to be an integer or nemesis, got ${found}`)
  }
  return {
    type: type as JepsenOperation['type'],
    process: process as number,
    f: nameIn(fields, 'f', place, refuse),
    ...(!isNothing(key) && { key: typeof key === 'string' ? key : JSON.stringify(key) }),
    value,
    ...(Number.isSafeInteger(time) && Number(time) >= 0 && { timeNs: Number(time) }),
    ...(typeof node === 'string' && { node }),
    ...(!isNothing(error) && { error: textOf(error) }),
    place,
  }
}

const isNothing = (value: unknown) => value === undefined || value === null

function nameIn(fields: Fields, name: string, place: FilePlace, refuse: Refuse): string {
  const value = fieldOf(fields, name)
  if (typeof value === 'string') return bare(value)
  return refuse(place, `Expected \`${name}\` to be a name, got ${describeValue(value)}`)
}

/** A keyword's name, or a string as it is. */
export function bare(name: string): string {
  return name.startsWith(':') ? name.slice(1) : name
}

function textOf(error: unknown): string {
  return typeof error === 'string' ? bare(error) : JSON.stringify(error)
}
