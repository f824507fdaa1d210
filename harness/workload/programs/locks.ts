import { freshNames, get, type Place, type Program, seenOf, txn } from '../program.ts'

const locks = ['lock/a', 'lock/b']

/**
 * Takes a lock if it is free, writes the guarded key if it still holds the lock, and releases it. A
 * turn that ended early leaves its lock behind under the client's name: the client releases it first.
 * Only the holder can release a lock, so that a late request releases no other client's.
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
