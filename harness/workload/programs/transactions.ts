import { freshNames, type Place, type Program, type Seen, txn, unchanged } from '../program.ts'

const keys = Array.from({ length: 8 }, (_, index) => `txn/${index}`)

/**
 * Reads two keys in one transaction; then writes both and deletes a third if both are unchanged, or
 * else reads them again.
 */
export const transactions: Program = (place: Place) => {
  const { random } = place
  const fresh = freshNames(place)
  return {
    *turn() {
      const [a, b, c] = random.shuffle(keys) as [string, string, string]
      const read = yield txn(
        [],
        [
          ['get', a],
          ['get', b],
        ],
      )
      const seen = cellsOf(read.value, [a, b])
      yield txn(
        seen.map(unchanged),
        [
          ['put', a, fresh()],
          ['put', b, fresh()],
          ['delete', c],
          ['get', a],
        ],
        [
          ['get', a],
          ['get', b],
          ['get', c],
        ],
      )
    },
  }
}

function cellsOf(results: unknown, of: readonly string[]): Seen[] {
  const cells = results as readonly (readonly [string | null, number])[]
  return of.map((key, at) => ({ key, value: cells[at]?.[0] ?? null, mod: cells[at]?.[1] ?? 0 }))
}
