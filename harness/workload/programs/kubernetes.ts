import type { Completion } from '../../history/recorder.ts'
import type { RangeRequest } from '../../history/request.ts'
import {
  freshNames,
  get,
  listed,
  type Place,
  type Program,
  type ProgramStep,
  type Seen,
  seenOf,
  type Turn,
  txn,
  unchanged,
  under,
} from '../program.ts'

const prefix = '/registry/pods/'
const names = Array.from({ length: 12 }, (_, index) => `${prefix}ns-${index % 3}/pod-${index}`)
const compactKey = 'compact_rev_key'
const pageKeys = 5
/** The open loop's keys, which change all the time. */
const busy = { kind: 'range', key: 'k', end: 'l' } as const
/** Turns ago: from now to some seconds, whose revisions may be compacted. */
const ages = [1, 2, 4, 8, 16, 32]

/**
 * The requests of a Kubernetes API server: create, guaranteed update and delete on the mod revision
 * that it read, each with a read in the else branch; lists in pages at the first page's revision, and
 * a watch from there on; stale lists; lists at a past revision, which may be compacted; and compaction
 * up to an earlier revision by one client, which wins a key for it. It also lists the open loop's keys.
 */
export const kubernetes: Program = (place: Place) => {
  const { random, client } = place
  const fresh = freshNames(place)
  let compactTo = 0
  /** The store's revision at each turn that observed one, oldest first. */
  const remembered: number[] = []
  const remember = (revision = 0) => {
    remembered.push(revision)
    if (remembered.length > Math.max(...ages)) remembered.shift()
  }
  return {
    *turn() {
      if (client === 0 && random.int(0, 29) === 0) {
        const seen = yield get(compactKey)
        const upTo = compactTo
        compactTo = seen.revision ?? 0
        yield* compact(seenOf(compactKey, seen), { upTo, value: `${upTo} ${fresh()}` })
        return
      }
      const what = random.int(0, 9)
      const past = remembered.at(-random.pick(ages)) ?? 0
      const keys = random.pick([under(prefix), busy])
      if (what < 2) remember(yield* listInPages(keys))
      else if (what === 2) yield { ...under(prefix), serializable: true }
      else if (what < 5 && past > 0) yield { ...keys, atRevision: past }
      else {
        const key = random.pick(names)
        const seen = yield get(key)
        remember(seen.revision)
        yield* update(seenOf(key, seen), { deletes: what > 7, value: fresh() })
      }
    },
  }
}

/** The client that updates the key compacts. */
function* compact(seen: Seen, to: { readonly upTo: number; readonly value: string }): Turn {
  if (to.upTo === 0) return
  const agreed = yield txn([unchanged(seen)], [['put', seen.key, to.value]], [['get', seen.key]])
  if (agreed.applied === true) yield { kind: 'compact', revision: to.upTo }
}

function* update(seen: Seen, to: { readonly deletes: boolean; readonly value: string }): Turn {
  const { key, mod } = seen
  if (mod > 0 && to.deletes) yield txn([unchanged(seen)], [['delete', key]], [['get', key]])
  else yield txn([unchanged(seen)], [['put', key, to.value]], [['get', key]])
}

/** The first page is current, the others are at its revision; a watch follows from there. */
function* listInPages(whole: RangeRequest): Generator<ProgramStep, number, Completion> {
  let page = yield { ...whole, limit: pageKeys }
  const atRevision = page.revision ?? 0
  while (page.more === true) {
    const last = listed(page).at(-1)?.key ?? ''
    page = yield { ...whole, key: `${last}\0`, limit: pageKeys, atRevision }
  }
  yield { kind: 'watch', fromRevision: atRevision + 1 }
  return atRevision
}
