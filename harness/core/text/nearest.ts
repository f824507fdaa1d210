/**
 * The one of the names that is nearest to the text, by the least number of letters to insert, remove
 * or replace, or of neighbours to swap; undefined when even that is more than a third of the text.
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    const distance = editDistance(text, name)
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  return best !== undefined && best.distance <= text.length / 3 ? best.name : undefined
}

/** What ends a message about a name that there is none of; empty when none of the others is near. */
export function suggestion(text: string, names: readonly string[]): string {
  const near = nearest(text, names)
  return near === undefined ? '' : ` (did you mean \`${near}\`?)`
}

/** The distance of optimal string alignment: no letter is edited twice. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (before[j - 2] as number) + 1 : Infinity
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] as number
}
