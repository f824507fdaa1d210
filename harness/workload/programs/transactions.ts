import { freshNames, type Place, type Program, type Seen, txn, unchanged } from '../program.ts'

const keys = Array.from({ length: 8 }, (_, index) => `txn/${index}`)

/**
 * Puts a key, and reads it and another in one transaction; then writes both and deletes a third if
 * both are unchanged, or else reads them again. The put comes first, because etcd may reject writes
 * and serve reads: then no conditional write is sent, which is dear to judge when it is unknown.
 */
export const transactions: Program = (place: Place) => {
  const { random } = place
  const fresh = freshNames(place)
  return {
    *turn() {
      const [a, b, c] = random.shuffle(keys) as [string, string, string]
      yield { kind: 'put', key: a, value: fresh() }
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
