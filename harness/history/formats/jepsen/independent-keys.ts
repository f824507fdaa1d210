import { type HistoryEvent, isOperation, type OperationEvent } from '../../operations.ts'
import { isPair, type Pair } from './pair.ts'

/** A value of a history of independent keys: `[key, value]`. */

/**
 * Jepsen's independent keys: one history of many registers or sets, in which every value is
 * `[key, value]`; a read asks with `[key, null]`, a cas with `[key, [old, new]]`, or in the words of other
 * programs `[key, old, new]`. Returns the events
 * with the key in `key` and the rest in `value`. Returns undefined when one event says that the
 * values are no such pairs: the shape is decided over the whole history, since a register may
 * hold pairs too.
 */
export function splitByKey(events: readonly HistoryEvent[]): HistoryEvent[] | undefined {
  const requests = events.filter(isOperation).map(nested)
  const invocations = requests.filter(({ type }) => type === 'invoke')
  if (!invocations.every(isKeyedInvocation)) return undefined
  const keys = invocations.map(({ value }) => (value as Pair)[0])
  const nameOf = keys.every((key) => typeof key === 'string') ? String : JSON.stringify
  const keyOf = new Map<number, string>()
  const split: HistoryEvent[] = []
  for (const event of events) {
    if (!isOperation(event)) {
      split.push(event)
      continue
    }
    const { process, type, value } = nested(event)
    if (type === 'invoke') keyOf.set(process, nameOf((value as Pair)[0]))
    const key = keyOf.get(process)
    if (type === 'ok' && value !== undefined && !isPairOf(key, value, nameOf)) return undefined
    split.push({
      ...event,
      ...(key !== undefined && { key }),
      ...(isPair(value) && { value: value[1] }),
    })
  }
  return split
}

/** A cas of three values as a pair: no register's cas has three. */
function nested(event: OperationEvent): OperationEvent {
  const { f, value } = event
  if (f !== 'cas' || !Array.isArray(value) || value.length !== 3) return event
  const [key, ...swap] = value
  return { ...event, value: [key, swap] }
}

function isKeyedInvocation({ f, key, value }: OperationEvent): boolean {
  if (key !== undefined || !isPair(value) || typeof value[0] === 'object') return false
  const [, argument] = value
  if (f === 'read') return asksNothing(argument)
  return f !== 'cas' || isPair(argument)
}

/** Nil, or in Jepsen's etcd test `[nil, nil]`: no version and no value. */
function asksNothing(argument: unknown): boolean {
  if (argument === null) return true
  return isPair(argument) && argument[0] === null && argument[1] === null
}

function isPairOf(key: string | undefined, value: unknown, nameOf: (key: unknown) => string) {
  return isPair(value) && nameOf(value[0]) === key
}
