import type { OperationEvent } from '../../operations.ts'
import { buildHistory, type PlacedEvent } from '../conversion.ts'
import {
  type ConvertedHistory,
  type Element,
  type HistoryFormat,
  type Refuse,
  refuseIn,
} from '../format.ts'
import { readJson } from '../json.ts'
import { isWrapper } from '../not-histories.ts'
import { withinMemory } from '../room.ts'
import { readEdn } from './edn.ts'
import { splitByKey } from './independent-keys.ts'
import { isJepsenLog, readJepsenLog } from './log.ts'
import { readMaps } from './maps.ts'
import { compareAsText } from './numbers-as-text.ts'
import { type JepsenOperation, readOperations } from './operations.ts'
import { createRequests, isNothing, isRead } from './requests.ts'
import { dropVersions } from './versioned-values.ts'
import { modelOf, refuseNoOperations, refuseTransactions } from './workload.ts'

/** Jepsen's `history.edn`: a map a line, or one vector of maps. */
export const jepsenEdn: HistoryFormat = {
  name: 'jepsen-edn',
  recognizes: (beginning) =>
    /^\uFEFF?(?:[\s,[(]|;.*\n)*(?:#[\w.$/-]+\s*)?\{[\s,]*:/.test(beginning),
  read: (text, file) => convert(readEdn(text, refuseIn(file)), file),
}

/** A header of ours, or a line of ours in a file whose header is missing. */
const isOurs = /"format"\s*:\s*"gauntlet-|"timeNs"\s*:/

/** The same as JSON: an array of objects, or an object a line. */
export const jepsenJson: HistoryFormat = {
  name: 'jepsen-json',
  recognizes: (beginning) =>
    /^\uFEFF?\s*(?:\[\s*)?\{/.test(beginning) &&
    /"type"\s*:\s*"(?:invoke|info|ok|fail)"/i.test(beginning) &&
    !isWrapper(beginning) &&
    !isOurs.test(beginning),
  read: (text, file) => convert(readJson(text, refuseIn(file)), file),
}

/** Jepsen's `history.txt`, and its log, in which the same lines stand between others. */
export const jepsenLog: HistoryFormat = {
  name: 'jepsen-log',
  recognizes: isJepsenLog,
  read: (text, file) => {
    const remains = { others: 0, first: 0, isBare: true }
    const converted = convert(readJepsenLog(text, remains, refuseIn(file)), file)
    const { others, first, isBare } = remains
    const odd = `${file}:${first}: lines that are no operation were left out: ${others}`
    const warnings = [...converted.warnings, ...(isBare && others > 0 ? [odd] : [])]
    return { ...converted, warnings }
  },
}

/**
 * A read that answers nil saw an empty register, as in Porcupine's reading of Jepsen's histories.
 * (Knossos lets such a read pass whatever the register holds.)
 */
function convert(elements: Iterable<Element>, file: string): ConvertedHistory {
  const refuse = refuseIn(file)
  const maps = readMaps(withinMemory(elements, refuse), refuse)
  refuseNoOperations(maps, file)
  refuseTransactions(maps, file)
  const all = readOperations(maps, refuse)
  const model = modelOf(all, file)
  if (model === 'mutex') return convertMutex(all, refuse)
  const raw = eventsOf(all)
  const keyed = splitByKey(raw) as OperationEvent[] | undefined
  const { events, warnings: versions } = dropVersions(keyed ?? raw, file)
  const warnings = [...versions, ...warningOfTimes(all, file)]
  const asked = createRequests(events)
  for (const [index, event] of events.entries()) {
    const problem = asked.findProblem(event)
    if (problem !== undefined) refuse((all[index] as JepsenOperation).place, problem)
  }
  const place = (event: OperationEvent, index: number): PlacedEvent => {
    return { event, place: (all[index] as JepsenOperation).place }
  }
  const options = { refuse, warnings }
  if (model === 'set') return buildHistory('set', events.map(asSet).map(place), options)
  if (model === 'kv') return buildHistory('kv', events.map(asRegister).map(place), options)
  const named = events.map((event) => ({ ...event, f: ofRegister[event.f] ?? event.f }))
  const compared = compareAsText(named.map(asRegister), file)
  return buildHistory('cas-register', compared.events.map(place), {
    refuse,
    warnings: [...warnings, ...compared.warnings],
  })
}

/** A key that holds any value is a register: missing is empty. */
const ofRegister: Readonly<Record<string, string>> = { get: 'read', put: 'write' }

/** What a register holds that stands for a mutex: nothing while it is free. */
const held = 'held'
const swaps: Readonly<Record<string, readonly [string | null, string | null]>> = {
  acquire: [null, held],
  release: [held, null],
}

/** A mutex is a register that its holder sets and resets: as in Knossos, whoever releases it. */
function convertMutex(all: readonly JepsenOperation[], refuse: Refuse): ConvertedHistory {
  const placed = eventsOf(all).map(({ value: _, ...event }, index): PlacedEvent => {
    const { f, place } = all[index] as JepsenOperation
    const swap = event.type === 'invoke' && { value: swaps[f] }
    return { event: { ...event, f: 'cas', ...swap }, place }
  })
  return buildHistory('cas-register', placed, { refuse })
}

/** The order of the lines is the order of events: a time that is missing is the one before. */
function eventsOf(all: readonly JepsenOperation[]): OperationEvent[] {
  let lastNs = 0
  return all.map((operation) => {
    lastNs = operation.timeNs ?? lastNs
    return eventOf(operation, lastNs)
  })
}

/** A file whose lines are those of one client after another has no order that means anything. */
function warningOfTimes(all: readonly JepsenOperation[], file: string): string[] {
  let lastNs = 0
  for (const { timeNs = lastNs, place } of all) {
    if (timeNs < lastNs) {
      return [`${file}:${place.line}: \`time\` goes backwards; the order of the lines counts`]
    }
    lastNs = timeNs
  }
  return []
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
