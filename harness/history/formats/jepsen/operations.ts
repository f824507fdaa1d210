import { describeValue } from '../../../core/schema/mismatch.ts'
import type { FilePlace, Refuse } from '../format.ts'
import { bare, type JepsenMap } from './maps.ts'
import { numberProcesses } from './processes.ts'

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
export function readOperations(maps: readonly JepsenMap[], refuse: Refuse): JepsenOperation[] {
  const processOf = numberProcesses(maps)
  return maps.flatMap((map) => {
    const process = processOf(map)
    return process === undefined ? [] : [operationOf(map, process, refuse)]
  })
}

function operationOf(map: JepsenMap, process: unknown, refuse: Refuse): JepsenOperation {
  const { place } = map
  const { time, key, node, error, value } = map.fields
  const type = nameIn(map, 'type', refuse)
  if (!types.includes(type)) {
    refuse(place, `Expected \`type\` to be one of ${types.join(', ')}, got ${describeValue(type)}`)
  }
  if (!Number.isSafeInteger(process)) {
    const found = process === null ? 'nothing' : describeValue(process)
    refuse(place, `Expected \`process\` to be an integer or a name, got ${found}`)
  }
  return {
    type: type as JepsenOperation['type'],
    process: process as number,
    f: nameIn(map, 'f', refuse),
    ...(key !== undefined && { key: typeof key === 'string' ? key : JSON.stringify(key) }),
    value,
    ...(Number.isSafeInteger(time) && Number(time) >= 0 && { timeNs: Number(time) }),
    ...(typeof node === 'string' && { node }),
    ...(error !== undefined && { error: textOf(error) }),
    place,
  }
}

function nameIn({ fields, place }: JepsenMap, name: 'type' | 'f', refuse: Refuse): string {
  const value = fields[name]
  if (typeof value === 'string') return bare(value).toLowerCase()
  return refuse(place, `Expected \`${name}\` to be a name, got ${describeValue(value)}`)
}

function textOf(error: unknown): string {
  return typeof error === 'string' ? bare(error) : JSON.stringify(error)
}
