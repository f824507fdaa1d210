export interface ShrinkLimits {
  readonly mostRuns: number
  /** Of `performance.now()`: no run begins after it. */
  readonly untilMs: number
}

export interface Shrunk<Item> {
  readonly items: readonly Item[]
  readonly runs: number
  /** No smaller part was left to try; false when a limit ended the search. */
  readonly exhausted: boolean
}

/**
 * The smallest part of a failing list that failed too, by delta debugging: first the empty list,
 * because a failure without items blames none of them; then smaller pieces; then the list without
 * each piece. Each part runs once, and one that passes may fail another time: the result is a
 * witness, not a minimum.
 */
export async function shrink<Item>(
  items: readonly Item[],
  stillFails: (part: readonly Item[]) => Promise<boolean>,
  { mostRuns, untilMs }: ShrinkLimits,
): Promise<Shrunk<Item>> {
  const isOver = () => runs >= mostRuns || performance.now() >= untilMs
  let smallest = items
  let pieces = 2
  let runs = 0
  if (isOver()) return { items, runs, exhausted: false }
  runs++
  if (await stillFails([])) return { items: [], runs, exhausted: true }
  while (smallest.length > 1) {
    let found: readonly Item[] | undefined
    for (const part of partsOf(smallest, pieces)) {
      if (isOver()) return { items: smallest, runs, exhausted: false }
      runs++
      if (await stillFails(part)) {
        found = part
        break
      }
    }
    if (found !== undefined) {
      smallest = found
      pieces = 2
    } else if (pieces >= smallest.length) break
    else pieces = Math.min(smallest.length, 2 * pieces)
  }
  return { items: smallest, runs, exhausted: true }
}

/** The pieces, then the list without each piece; of two halves each is the list without the other. */
function partsOf<Item>(items: readonly Item[], pieces: number): (readonly Item[])[] {
  const bounds = Array.from({ length: pieces }, (_, index) => [
    Math.floor((index * items.length) / pieces),
    Math.floor(((index + 1) * items.length) / pieces),
  ])
  const alone = bounds.map(([from, to]) => items.slice(from, to))
  if (pieces === 2) return alone
  const without = bounds.map(([from = 0, to = 0]) => [...items.slice(0, from), ...items.slice(to)])
  return [...alone, ...without]
}
