import type { Random } from '../../core/random.ts'
import { operations } from '../../history/join.ts'
import {
  type History,
  type HistoryEvent,
  isOperation,
  type Operation,
} from '../../history/operations.ts'

/** The ways to damage a history. A damaged history may still be valid. */
export const mutations = [
  'drop',
  'swap',
  'stale',
  'duplicate',
  'lost',
  'refused',
  'failed',
] as const
export type Mutation = (typeof mutations)[number]

/**
 * The history with one thing changed:
 * `drop` an operation was never asked, though its effect may have been seen; `swap` two reads got
 * each other's answers; `stale` a read got an older answer; `duplicate` a write happened again,
 * long after; `lost` what an acknowledged write wrote is read nowhere after it, but what was there
 * before; `refused` a cas that was applied says that it was not, or the reverse; `failed` an
 * operation that happened says that it did not. Returns undefined where it does not apply.
 */
export function mutateRegister(
  history: History,
  mutation: Mutation,
  random: Random,
): History | undefined {
  const all = operations(history).filter(({ outcome }) => outcome === 'ok')
  const events = changed(history.events, mutation, all, random)
  return events === undefined ? undefined : { header: history.header, events }
}

type Events = readonly HistoryEvent[]

function changed(
  events: Events,
  mutation: Mutation,
  all: readonly Operation[],
  random: Random,
): Events | undefined {
  const reads = all.filter(isRead)
  const writes = all.filter((operation) => !isRead(operation))
  const victim = pickFrom(mutation === 'drop' || mutation === 'failed' ? all : writes, random)
  const read = pickFrom(reads, random)
  if (mutation === 'swap' || mutation === 'stale') {
    return read === undefined ? undefined : anotherAnswer(events, read, reads, mutation, random)
  }
  if (victim === undefined) return undefined
  const { invokeIndex, completeIndex, invoke, completion } = victim
  if (mutation === 'drop') {
    return events.filter((_, index) => index !== invokeIndex && index !== completeIndex)
  }
  if (mutation === 'failed') return replaced(events, completeIndex, { type: 'fail' })
  if (mutation === 'refused') {
    if (invoke.f !== 'cas') return undefined
    return replaced(events, completeIndex, { applied: completion?.applied === false })
  }
  if (mutation === 'duplicate') return again(events, victim, random)
  return lose(events, victim, reads)
}

const isRead = ({ f }: Operation) => f === 'read' || f === 'get'

function pickFrom<T>(items: readonly T[], random: Random): T | undefined {
  return items.length === 0 ? undefined : random.pick(items)
}

function replaced(events: Events, at: number, fields: object): Events {
  return events.map((event, index) =>
    index === at ? ({ ...event, ...fields } as HistoryEvent) : event,
  )
}

function anotherAnswer(
  events: Events,
  read: Operation,
  reads: readonly Operation[],
  mutation: 'swap' | 'stale',
  random: Random,
): Events | undefined {
  const others = reads.filter(
    (other) =>
      other.invoke.key === read.invoke.key &&
      (mutation === 'swap' || other.completeIndex < read.invokeIndex),
  )
  const other = pickFrom(others, random)
  if (other === undefined) return undefined
  const withOther = replaced(events, read.completeIndex, { value: other.completion?.value })
  if (mutation === 'stale') return withOther
  return replaced(withOther, other.completeIndex, { value: read.completion?.value })
}

/** The operation takes effect a second time, by another process, without an invocation of its own. */
function again(events: Events, { invoke }: Operation, random: Random): Events {
  const process = 1 + events.reduce((most, event) => Math.max(most, processOf(event)), 0)
  const at = random.int(0, events.length)
  const { f, timeNs, key } = invoke
  const done = { type: 'ok', process, f, timeNs, ...(key === undefined ? {} : { key }) } as const
  return [...events.slice(0, at), { ...invoke, process }, done, ...events.slice(at)]
}

const processOf = (event: HistoryEvent) => (isOperation(event) ? event.process : 0)

function lose(events: Events, victim: Operation, reads: readonly Operation[]): Events | undefined {
  const same = reads.filter(({ invoke }) => invoke.key === victim.invoke.key)
  const before = same.findLast(({ completeIndex }) => completeIndex < victim.invokeIndex)
  const after = same.find(({ invokeIndex }) => invokeIndex > victim.completeIndex)
  if (before === undefined || after === undefined) return undefined
  return replaced(events, after.completeIndex, { value: before.completion?.value })
}
