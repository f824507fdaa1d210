import type { OperationEvent } from '../operations.ts'
import { buildHistory, type PlacedEvent } from './conversion.ts'
import { readEdn } from './edn.ts'
import {
  type ConvertedHistory,
  type Element,
  type HistoryFormat,
  type Refuse,
  refuseIn,
} from './format.ts'
import { splitByKey } from './independent-keys.ts'
import { type JepsenOperation, readOperations } from './jepsen-operations.ts'
import { modelOf } from './jepsen-workload.ts'
import { readJson } from './json.ts'
import { dropVersions } from './versioned-values.ts'

/** Jepsen's `history.edn`: a map a line, or one vector of maps. */
export const jepsenEdn: HistoryFormat = {
  name: 'jepsen-edn',
  holds: "Jepsen's history.edn: registers, independent keys, sets, mutexes",
  recognizes: (beginning) =>
    /^\uFEFF?(?:[\s,[(]|;.*\n)*(?:#[\w.$/-]+\s*)?\{[\s,]*:/.test(beginning),
  read: (text, file) => convert(readEdn(text, refuseIn(file)), file),
}

/** The same as JSON: an array of objects, or an object a line. */
export const jepsenJson: HistoryFormat = {
  name: 'jepsen-json',
  holds: 'the same as JSON: an array of objects, or an object a line',
  recognizes: (beginning) =>
    /^\uFEFF?\s*\[?\s*\{/.test(beginning) &&
    /"process"\s*:/.test(beginning) &&
    /"type"\s*:\s*"(?:invoke|info|ok|fail)"/.test(beginning) &&
    (/^\uFEFF?\s*\[/.test(beginning) || /"(?:time|index)"\s*:/.test(beginning)) &&
    !/"format"\s*:\s*"gauntlet-|"timeNs"\s*:/.test(beginning),
  read: (text, file) => convert(readJson(text, refuseIn(file)), file),
}

/**
 * A read that answers nil saw an empty register, as in Porcupine's reading of Jepsen's histories.
 * (Knossos lets such a read pass whatever the register holds.)
 */
function convert(elements: readonly Element[], file: string): ConvertedHistory {
  const refuse = refuseIn(file)
  const all = readOperations(elements, refuse)
  const model = modelOf(all, file)
  if (model === 'mutex') return convertMutex(all, refuse)
  const raw = all.map((operation, index) => eventOf(operation, lastNs(all, index)))
  const keyed = splitByKey(raw) as OperationEvent[] | undefined
  const { events, warnings } = dropVersions(keyed ?? raw, file)
  const asked = new Map<number, unknown>()
  const placed = events.map((event, index): PlacedEvent => {
    const { place } = all[index] as JepsenOperation
    const problem = findValueProblem(event, asked)
    if (problem !== undefined) refuse(place, problem)
    return { event: model === 'set' ? asSet(event) : asRegister(event), place }
  })
  return buildHistory(model, placed, { refuse, warnings })
}

/** What a register holds that stands for a mutex: nothing while it is free. */
const held = 'held'
const swaps: Readonly<Record<string, readonly [string | null, string | null]>> = {
  acquire: [null, held],
  release: [held, null],
}

/** A mutex is a register that its holder sets and resets: as in Knossos, whoever releases it. */
function convertMutex(all: readonly JepsenOperation[], refuse: Refuse): ConvertedHistory {
  const placed = all.map((operation, index): PlacedEvent => {
    const { f, place } = operation
    const { value: _, ...event } = eventOf({ ...operation, f: 'cas' }, lastNs(all, index))
    return { event: event.type === 'invoke' ? { ...event, value: swaps[f] } : event, place }
  })
  return buildHistory('cas-register', placed, { refuse })
}

/**
 * A completion repeats the value of its request, as does a read's where a program has filled in the
 * answer at the invocation; other workloads than we know may not. `asked` is by process.
 */
function findValueProblem(
  { type, process, f, value }: OperationEvent,
  asked: Map<number, unknown>,
): string | undefined {
  if (type === 'invoke') {
    asked.set(process, value)
    if (!isRead(f) || !Array.isArray(value)) return undefined
    return `Expected a read to be invoked with nil, got ${JSON.stringify(value)}`
  }
  const request = asked.get(process)
  if (type !== 'ok' || isNothing(value) || isNothing(request)) return undefined
  const [was, now] = [JSON.stringify(request), JSON.stringify(value)]
  return was === now ? undefined : `Expected the completion to repeat its value ${was}, got ${now}`
}

const isRead = (f: string) => f === 'read' || f === 'get'
const isNothing = (value: unknown) => value === undefined || value === null

/** The order of the lines is the order of events: a time that is missing is the one before. */
function lastNs(all: readonly JepsenOperation[], index: number): number {
  let at = index
  while (at >= 0 && all[at]?.timeNs === undefined) at--
  return all[at]?.timeNs ?? 0
}

function eventOf(operation: JepsenOperation, timeNs: number): OperationEvent {
  const { type, process, f, key, value, node, error } = operation
  return {
    type,
    process,
    f,
    timeNs,
    value,
    ...(key !== undefined && { key }),
    ...(node !== undefined && { member: node }),
    ...(error !== undefined && { error }),
  }
}

/** A value stands where it means something: on what writes, and on the answer of a read. */
function asRegister({ value, ...event }: OperationEvent): OperationEvent {
  const has = event.type === (isRead(event.f) ? 'ok' : 'invoke')
  return has ? { ...event, value: value ?? null } : event
}

/** A read of a set that answers nil asserts nothing. */
function asSet({ value, ...event }: OperationEvent): OperationEvent {
  if (event.f === 'add') return event.type === 'invoke' ? { ...event, value: value ?? null } : event
  if (event.type !== 'ok' || isNothing(value)) return event
  return { ...event, value: (value as { '#set'?: unknown })['#set'] ?? value }
}
