import type { CheckInput } from '../../checkers/checker.ts'
import { operations } from '../../history/join.ts'
import type { HistoryEvent, Operation } from '../../history/operations.ts'

/** Judges a smaller input: whether it still shows the same violation. */
export type StillShows = (input: CheckInput) => boolean

/** What a verdict can go without. */
const optionalParts = ['wal', 'leases', 'headers', 'logs', 'watches', 'final'] as const

/**
 * A smaller part of the evidence that still shows the violation. It only takes away what cannot make
 * a violation where there was none: streams beside the history, what happened after the violation,
 * reads, and what certainly had no effect. Writes stay, because without one a correct read looks wrong.
 * Looks until `untilMs` (of `performance.now()`) at most; without a smaller part the input itself.
 */
export function shrinkInput(
  input: CheckInput,
  stillShows: StillShows,
  untilMs: number,
): CheckInput {
  const shows = (smaller: CheckInput) => performance.now() < untilMs && stillShows(smaller)
  let current = input
  for (const part of optionalParts) {
    const { [part]: taken, ...without } = current
    if (taken !== undefined && shows(without)) current = without
  }
  current = cutEnd(current, shows)
  return withoutReads(current, shows)
}

/** The shortest beginning that shows it. */
function cutEnd(input: CheckInput, shows: StillShows): CheckInput {
  // What members hold at the end answers for every write before it.
  if (input.final !== undefined) return input
  const { events } = input.history
  let [shown, hidden] = [events.length, 0]
  while (shown - hidden > 1) {
    const middle = Math.floor((shown + hidden) / 2)
    if (shows(withEvents(input, events.slice(0, middle)))) shown = middle
    else hidden = middle
  }
  return withEvents(input, events.slice(0, shown))
}

/** Delta debugging over the operations without an effect: halves, then quarters, down to one. */
function withoutReads(input: CheckInput, shows: StillShows): CheckInput {
  let current = input
  let size = Math.ceil(removable(current).length / 2)
  while (size >= 1) {
    const candidates = removable(current)
    const next = chunksOf(candidates, size)
      .map((chunk) => remove(current, chunk))
      .find(shows)
    if (next !== undefined) current = next
    else size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return current
}

/** Operations without which the history of a correct store stays correct. */
function removable({ history }: CheckInput): Operation[] {
  return operations(history).filter(
    ({ f, outcome }) => outcome === 'fail' || f === 'get' || f === 'range' || f === 'read',
  )
}

function remove(input: CheckInput, taken: readonly Operation[]): CheckInput {
  const gone = new Set(
    taken.flatMap(({ invokeIndex, completion }) => {
      const { events } = input.history
      const completed = completion === undefined ? -1 : events.indexOf(completion, invokeIndex)
      return [invokeIndex, completed]
    }),
  )
  return withEvents(
    input,
    input.history.events.filter((_, index) => !gone.has(index)),
  )
}

function withEvents(input: CheckInput, events: readonly HistoryEvent[]): CheckInput {
  return { ...input, history: { ...input.history, events } }
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}
