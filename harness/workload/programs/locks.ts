import { freshNames, get, type Place, type Program, seenOf, txn } from '../program.ts'

const locks = ['lock/a', 'lock/b']

/**
 * Takes a lock if it is free, writes what it guards if it still is its own, and gives it back. A
 * holder that was replaced left a lock with the name of a former turn: that name is its client's,
 * who gives it back first. Only who holds a lock can give it back, so a request that comes late
 * takes it from nobody else.
 */
export const lockTurns: Program = (place: Place) => {
  const fresh = freshNames(place)
  const mine = new Set<string>()
  return {
    *turn() {
      const key = place.random.pick(locks)
      const guarded = `guarded/${key}`
      const { value } = seenOf(key, yield get(key))
      if (value !== null && !mine.has(value)) return
      const name = value ?? fresh()
      mine.add(name)
      if (value === null) {
        const taken = yield txn([[key, 'mod', '=', 0]], [['put', key, name]], [['get', key]])
        if (taken.applied !== true) return
        for (let turns = place.random.int(1, 3); turns > 0; turns--) {
          yield txn([[key, 'value', '=', name]], [['put', guarded, fresh()]])
        }
      }
      yield txn([[key, 'value', '=', name]], [['delete', key]])
    },
  }
}
