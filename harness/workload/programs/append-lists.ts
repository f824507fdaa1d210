import { freshNames, get, type Place, type Program, seenOf, txn, unchanged } from '../program.ts'

const listPrefix = 'list/'
const lanes = 2
/** After this many elements a new list begins, so that values stay short. */
const longest = 40

/** Reads a list and appends a new element if the list is unchanged, or else reads it again. */
export const appendLists: Program = (place: Place) => {
  const fresh = freshNames(place)
  const generations = Array.from({ length: lanes }, () => 0)
  return {
    *turn() {
      const lane = place.random.int(0, lanes - 1)
      const key = `${listPrefix}${lane}-${generations[lane]}`
      const seen = seenOf(key, yield get(key))
      const elements = seen.value === null ? [] : seen.value.split(' ')
      if (elements.length >= longest) {
        generations[lane] = (generations[lane] ?? 0) + 1
        return
      }
      const appended = [...elements, fresh()].join(' ')
      yield txn([unchanged(seen)], [['put', key, appended]], [['get', key]])
    },
  }
}
