import { freshNames, type Place, type Program, under } from '../program.ts'

const prefix = 'temp/'
const all = under(prefix)
const keys = Array.from({ length: 6 }, (_, index) => `${prefix}${index}`)

/**
 * Puts a key, lists all of them, deletes the key or another one, and reads the key. Some lists and
 * reads may be stale. The put comes first: where etcd rejects puts alone, nothing is deleted.
 */
export const deletes: Program = (place: Place) => {
  const { random } = place
  const fresh = freshNames(place)
  return {
    *turn() {
      const key = random.pick(keys)
      yield { kind: 'put', key, value: fresh(), prevKv: random.pick([true, false]) }
      yield random.pick([all, { ...all, serializable: true }])
      yield { kind: 'delete', key: random.pick([key, random.pick(keys)]), prevKv: true }
      yield { kind: random.pick(['get', 'serializable-get']), key }
    },
  }
}
