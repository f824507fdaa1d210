export interface ShrinkLimits {
  readonly mostRuns: number
  /** Of `performance.now()`: no run begins after it. */
  readonly untilMs: number
}

export interface Shrunk<Item> {
  readonly items: readonly Item[]
  readonly runs: number
  /** Nothing smaller is left to try; else the limits came first. */
  readonly exhausted: boolean
}

/**
 * The smallest part of a failing list that was seen to fail too: first nothing at all, since what
 * fails by itself blames no item, then ever smaller pieces, then what is left without one (delta
 * debugging), in order. Each part is tried once; a part that passes may fail another time, so the
 * result is a witness, not a minimum.
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

/** The pieces themselves, then the list without each; halves are each other's rest. */
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
