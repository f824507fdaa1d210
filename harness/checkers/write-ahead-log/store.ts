import { compareBytes } from '../etcd/model.ts'

/** A key as one revision left it. */
export interface KeyVersion {
  readonly revision: number
  /** null = deleted; the other fields are then those of a missing key. */
  readonly value: string | null
  readonly createRevision: number
  readonly version: number
  /** Decimal; `0` = none. */
  readonly lease: string
}

const missing: KeyVersion = { revision: 0, value: null, createRevision: 0, version: 0, lease: '0' }

/** From `key` to `end`, as in a request: without `end` the key alone. */
interface KeyBounds {
  readonly key: string
  readonly end?: string | undefined
}

/** etcd's store with its whole past: what the entries of a log leave when they are applied. */
export interface ReplayedStore {
  /** Of the last change; an empty store is at 1. */
  readonly revision: number
  /** The key as it is, or as it was at a revision. */
  get(key: string, revision?: number): KeyVersion
  /** What a revision made of the key; undefined when it did not change the key. */
  changeAt(key: string, revision: number): KeyVersion | undefined
  /** The keys that exist within the bounds, by the order of their bytes. */
  keysWithin(bounds: KeyBounds, revision?: number): string[]
  /** Changes keys, all at the next revision; without a change the revision stays. */
  write<Result>(change: (writer: StoreWriter) => Result): Result
}

export interface StoreWriter {
  put(key: string, value: string, lease: string): void
  /** False when the key was missing. */
  remove(key: string): boolean
}

export function createStore(): ReplayedStore {
  const versions = new Map<string, KeyVersion[]>()
  let revision = 1
  const get = (key: string, at = revision + 1) => {
    const known = versions.get(key) ?? []
    return known[countUpTo(known, at) - 1] ?? missing
  }
  const push = (key: string, version: KeyVersion) => {
    const known = versions.get(key)
    if (known === undefined) versions.set(key, [version])
    else known.push(version)
  }
  const writer: StoreWriter = {
    put: (key, value, lease) => {
      const before = get(key)
      const next = revision + 1
      const createRevision = before.value === null ? next : before.createRevision
      push(key, { revision: next, value, createRevision, version: before.version + 1, lease })
    },
    remove: (key) => {
      if (get(key).value === null) return false
      push(key, { ...missing, revision: revision + 1 })
      return true
    },
  }
  return {
    get revision() {
      return revision
    },
    get,
    changeAt: (key, at) => {
      const version = get(key, at)
      return version.revision === at ? version : undefined
    },
    keysWithin: (bounds, at) => {
      const keys = bounds.end === undefined ? [bounds.key] : [...versions.keys()]
      const inside = keys.filter((key) => isWithin(key, bounds) && get(key, at).value !== null)
      return inside.sort(compareBytes)
    },
    write: (change) => {
      let hasChanged = false
      const result = change({
        put: (key, value, lease) => {
          writer.put(key, value, lease)
          hasChanged = true
        },
        remove: (key) => {
          const isGone = writer.remove(key)
          hasChanged ||= isGone
          return isGone
        },
      })
      if (hasChanged) revision += 1
      return result
    },
  }
}

/** How many of the versions, which ascend, are of this revision or before. */
function countUpTo(versions: readonly KeyVersion[], revision: number): number {
  let [low, high] = [0, versions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((versions[middle] as KeyVersion).revision <= revision) low = middle + 1
    else high = middle
  }
  return low
}

function isWithin(key: string, { key: from, end }: KeyBounds): boolean {
  if (end === undefined) return key === from
  if (compareBytes(key, from) < 0) return false
  return end === '\0' || compareBytes(key, end) < 0
}
