import type { WatchedEvent } from '../../history/logs/watch.ts'
import type { Completion } from '../../history/recorder.ts'
import type { Request, Transaction, TxnCompare, TxnStep } from '../../history/request.ts'

interface Kept {
  readonly value: string
  readonly mod: number
  readonly created: number
  readonly version: number
}

/** Simulates etcd in this process, to test programs without a cluster. */
export interface SimulatedStore {
  answer(request: Request): Completion
  /** Deletes keys as the end of a lease does. */
  deleteAll(keys: readonly string[]): void
  /** What a watcher of all keys receives, one response a revision. */
  readonly watched: readonly (readonly WatchedEvent[])[]
  revision(): number
}

export function simulateStore(): SimulatedStore {
  const kvs = new Map<string, Kept>()
  const watched: WatchedEvent[][] = []
  const past = new Map<number, ReadonlyMap<string, Kept>>([[1, new Map()]])
  let revision = 1
  let changes: WatchedEvent[] = []

  const put = (key: string, value: string) => {
    const before = kvs.get(key)
    const mod = revision + 1
    const created = before?.created ?? mod
    const version = (before?.version ?? 0) + 1
    kvs.set(key, { value, mod, created, version })
    changes.push({ type: 'put', key, value, modRevision: mod, createRevision: created, version })
    return null
  }
  const remove = (key: string) => {
    if (!kvs.delete(key)) return 0
    changes.push({ type: 'delete', key, modRevision: revision + 1 })
    return 1
  }
  const read = (key: string) => [kvs.get(key)?.value ?? null, kvs.get(key)?.mod ?? 0] as const
  const metadata = (key: string) => {
    const kept = kvs.get(key)
    return kept && { createRevision: kept.created, version: kept.version }
  }
  const previous = (key: string) => {
    const kept = kvs.get(key)
    return kept ? { value: kept.value, modRevision: kept.mod, ...metadata(key) } : null
  }
  const step = (one: TxnStep) => {
    if (one[0] === 'put') return put(one[1], one[2])
    return one[0] === 'delete' ? remove(one[1]) : read(one[1])
  }
  const transact = ({ compare, then, else: otherwise }: Transaction) => {
    const applied = compare.every((one) => holds(one, read(one[0])))
    const done = (applied ? then : otherwise).map((one) => {
      const result = step(one)
      const shown = one[0] === 'get' ? metadata(one[1]) : undefined
      return { result, metadata: shown === undefined ? null : Object.values(shown) }
    })
    const value = done.map(({ result }) => result)
    return { applied, value, metadata: done.map((one) => one.metadata) }
  }
  const committed = (completion: object): Completion => {
    if (changes.length > 0) {
      watched.push(changes)
      past.set(++revision, new Map(kvs))
      changes = []
    }
    return { type: 'ok', ...completion, revision }
  }
  return {
    watched,
    revision: () => revision,
    deleteAll: (keys) => {
      keys.forEach(remove)
      committed({})
    },
    answer: (request) => {
      if (request.kind === 'txn') return committed(transact(request.value))
      if (request.kind === 'range') {
        return committed(list(past.get(request.atRevision ?? revision) ?? kvs, request))
      }
      const { kind, key, value } = request
      const before = request.prevKv === true && { prev: previous(key) }
      if (kind === 'put') return committed({ done: put(key, String(value)), ...before })
      if (kind === 'delete') return committed({ deleted: remove(key), ...before })
      if (kind === 'cas') throw new RangeError('Expected programs to make no cas, got one')
      const [held, modRevision] = read(key)
      return committed({ value: held, modRevision, ...metadata(key) })
    },
  }
}

function holds([, target, is, to]: TxnCompare, [value, mod]: readonly [string | null, number]) {
  if (is !== '=') throw new RangeError(`Expected programs to compare with =, got ${is}`)
  return target === 'mod' ? mod === to : value === to
}

function list(
  kvs: ReadonlyMap<string, Kept>,
  { key, end = '', limit = 0 }: Request & { readonly kind: 'range' },
) {
  const inside = [...kvs].filter(([name]) => name >= key && name < end)
  const sorted = inside.sort(([one], [other]) => (one < other ? -1 : 1))
  const listed = limit > 0 ? sorted.slice(0, limit) : sorted
  const value = listed.map(([name, kept]) => [name, kept.value, kept.mod])
  const metadata = listed.map(([, { created, version }]) => [created, version])
  return { value, metadata, count: inside.length, more: listed.length < inside.length }
}
