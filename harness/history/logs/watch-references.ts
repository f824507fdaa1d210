import type { WatchedEvent, WrittenEvents } from './watch.ts'

/**
 * Events in a file are numbered from 0 in the order in which they are written out. A number stands
 * for the event itself, and a pair for all from its first number to its last: every watcher receives
 * the same events, and each is written once.
 */
type WrittenEvent = WrittenEvents['events'][number]

/** Texts that are kept to recognize an event again; one that is older is written out again. */
const mostChars = 32 * 2 ** 20

/** Replaces every event that an earlier call had by its reference, as long as that one is kept. */
export function createReferrer(
  keepChars = mostChars,
): (events: readonly WatchedEvent[]) => WrittenEvent[] {
  const numbers = new Map<string, number>()
  let written = 0
  let chars = 0
  const add = (text: string) => {
    numbers.set(text, written++)
    chars += text.length
    for (const [oldest] of numbers) {
      if (chars <= keepChars) break
      numbers.delete(oldest)
      chars -= oldest.length
    }
  }
  return (events) => {
    const result: WrittenEvent[] = []
    for (const event of events) {
      const text = JSON.stringify(event)
      const number = numbers.get(text)
      if (number === undefined) {
        add(text)
        result.push(event)
      } else append(result, number)
    }
    return result
  }
}

/** Extends the run of numbers that the list ends with, or begins one. */
function append(list: WrittenEvent[], number: number): void {
  const last = list.at(-1)
  const [from, to] = Array.isArray(last) ? last : [last, last]
  if (typeof from !== 'number' || to !== number - 1) list.push(number)
  else list[list.length - 1] = [from, number]
}

/**
 * The reverse, of one file in its order. Throws a RangeError for a reference to an event that is not
 * written out before it.
 */
export function createResolver(): (events: readonly WrittenEvent[]) => WatchedEvent[] {
  const known: WatchedEvent[] = []
  return (events) =>
    events.flatMap((written): readonly WatchedEvent[] => {
      if (isEvent(written)) {
        known.push(written)
        return [written]
      }
      const [from, to] = typeof written === 'number' ? [written, written] : written
      if (from <= to && to < known.length) return known.slice(from, to + 1)
      const found = JSON.stringify(written)
      throw new RangeError(`Expected a reference to one of ${known.length} events, got ${found}`)
    })
}

function isEvent(written: WrittenEvent): written is WatchedEvent {
  return typeof written === 'object' && !Array.isArray(written)
}
