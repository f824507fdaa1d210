import { freshNames, listed, type Place, type Program, txn, unchanged, under } from '../program.ts'

const prefix = 'set/'
const domain = 30

/** Lists the set, adds an absent element and removes a present one; each element is a key. */
export const sets: Program = (place: Place) => {
  const { random } = place
  const fresh = freshNames(place)
  return {
    *turn() {
      const present = listed(yield under(prefix))
      const key = `${prefix}${random.int(0, domain - 1)}`
      if (!present.some((one) => one.key === key)) {
        yield txn([[key, 'mod', '=', 0]], [['put', key, fresh()]], [['get', key]])
      }
      if (present.length === 0) return
      const gone = random.pick(present)
      yield txn([unchanged(gone)], [['delete', gone.key]], [['get', gone.key]])
    },
  }
}
