import type { Random } from '../../core/random.ts'
import type { EtcdSimulation, OpenRequest } from './etcd-simulator.ts'

export interface SimulatedCell {
  readonly value: string
  readonly mod: number
  readonly version: number
  readonly create: number
  /** '' = none. */
  readonly lease: string
}

/** What a correct etcd holds. */
export interface Store {
  revision: number
  kvs: Map<string, SimulatedCell>
  /** By key, what it held since which revision: for stale reads. */
  readonly past: Map<string, { readonly since: number; readonly cell: SimulatedCell | undefined }[]>
  readonly start: number
  readonly revokedLeases: Set<string>
}

export function openStore({ initial }: EtcdSimulation): Store {
  const given = (initial ?? {}) as {
    revision?: number
    kvs?: Record<string, { value: string; modRevision: number }>
  }
  const kvs = Object.entries(given.kvs ?? {}).map(
    ([key, { value, modRevision: mod }]) =>
      [key, { value, mod, version: 1, create: mod, lease: '' }] as const,
  )
  const least = Math.max(1, ...kvs.map(([, { mod }]) => mod))
  const revision = given.revision ?? least
  const store: Store = {
    revision,
    kvs: new Map(kvs),
    past: new Map(),
    start: revision,
    revokedLeases: new Set(),
  }
  for (const [key, cell] of kvs) store.past.set(key, [{ since: revision, cell }])
  return store
}

/** Applies the request and returns the fields of its answer. */
export function answerRequest(
  store: Store,
  { f, key = '', value, ...invocation }: OpenRequest,
  random: Random,
): object {
  const cell = store.kvs.get(key)
  if (f === 'put') {
    const lease = String(invocation.lease ?? '')
    if (store.revokedLeases.has(lease)) return rejected
    applyChanges(store, [[key, String(value), lease]])
    return { revision: store.revision }
  }
  if (f === 'revoke') return revokeLease(store, String(invocation.lease))
  if (f === 'delete') {
    if (cell !== undefined) applyChanges(store, [[key, null]])
    return { deleted: cell === undefined ? 0 : 1, revision: store.revision }
  }
  if (f === 'cas') {
    const [old, fresh] = value as [string | null, string]
    const applied = (cell?.value ?? null) === old
    if (applied) applyChanges(store, [[key, fresh]])
    return { applied, revision: store.revision }
  }
  if (f === 'txn') return answerTxn(store, value as RawTxn)
  if (f === 'range') return answerRange(store, { key, ...invocation })
  if (invocation.serializable !== true) return { ...shownCell(cell), revision: store.revision }
  const lag = Math.min(store.revision - store.start, random.pick([0, 0, 1, 2, 5]))
  const revision = store.revision - lag
  return { ...shownCell(cellAt(store, key, revision)), revision }
}

/** The answer to a put under a lease that does not exist. */
export const rejected = {}

function revokeLease(store: Store, lease: string): object {
  const bound = [...store.kvs].flatMap(([key, cell]) => (cell.lease === lease ? [key] : []))
  if (bound.length > 0)
    applyChanges(
      store,
      bound.map((key) => [key, null] as const),
    )
  store.revokedLeases.add(lease)
  return { revision: store.revision }
}

/** `prev` of the answer, for the share of puts and deletes that ask for it. */
export function previousOf(
  { prevShare = 0 }: EtcdSimulation,
  { kvs }: Store,
  { f, key = '' }: OpenRequest,
  random: Random,
): object {
  if ((f !== 'put' && f !== 'delete') || prevShare === 0 || random.float() >= prevShare) return {}
  const cell = kvs.get(key)
  return { prev: cell === undefined ? null : { value: cell.value, modRevision: cell.mod } }
}

/** Every key that the store held at this revision, as far back as `past` goes. */
export function keysAt(store: Store, revision: number): Map<string, SimulatedCell> {
  const held = [...store.past.keys()].map((key) => [key, cellAt(store, key, revision)] as const)
  return new Map(held.flatMap(([key, cell]) => (cell === undefined ? [] : [[key, cell] as const])))
}

const shownCell = (cell: SimulatedCell | undefined) => ({
  value: cell?.value ?? null,
  modRevision: cell?.mod ?? 0,
})

function cellAt(store: Store, key: string, revision: number): SimulatedCell | undefined {
  return store.past.get(key)?.findLast(({ since }) => since <= revision)?.cell
}

type Change = readonly [key: string, value: string | null, lease?: string]

function applyChanges(store: Store, changes: readonly Change[]): void {
  store.revision++
  const mod = store.revision
  for (const [key, value, lease = ''] of changes) {
    const { version = 0, create = mod } = store.kvs.get(key) ?? {}
    const cell = value === null ? undefined : { value, mod, version: version + 1, create, lease }
    if (cell === undefined) store.kvs.delete(key)
    else store.kvs.set(key, cell)
    const past = store.past.get(key) ?? []
    past.push({ since: store.revision, cell })
    if (past.length > 40) past.splice(0, 20)
    store.past.set(key, past)
  }
}

function answerRange(store: Store, invocation: { key: string; [field: string]: unknown }): object {
  const { key, end, limit } = invocation as { key: string; end?: string; limit?: number }
  const within = [...store.kvs]
    .filter(([name]) =>
      end === undefined ? name === key : name >= key && (end === '\u0000' || name < end),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const listed = limit ? within.slice(0, limit) : within
  return {
    value: listed.map(([name, { value, mod, version }]) =>
      invocation.withVersions === true ? [name, value, mod, version] : [name, value, mod],
    ),
    count: within.length,
    more: listed.length < within.length,
    revision: store.revision,
  }
}

type Target = 'value' | 'mod' | 'version' | 'create'
type RawTxn = {
  readonly compare: readonly [string, Target, string, string | number][]
} & Record<'then' | 'else', readonly [string, string, string][]>

function answerTxn(store: Store, txn: RawTxn): object {
  const applied = txn.compare.every(([key, target, , operand]) => {
    const cell = store.kvs.get(key)
    return target === 'value' ? cell?.value === operand : (cell?.[target] ?? 0) === operand
  })
  const changes: Change[] = []
  const results = (applied ? txn.then : txn.else).map(([f, key, value]) => {
    const earlier = changes.findLast(([name]) => name === key)
    const cell = store.kvs.get(key)
    const held = earlier === undefined ? (cell?.value ?? null) : earlier[1]
    const mod = earlier === undefined ? cell?.mod : store.revision + 1
    if (f === 'get') return held === null ? [null, 0] : [held, mod]
    if (f === 'delete' && held === null) return 0
    changes.push([key, f === 'put' ? String(value) : null])
    return f === 'put' ? null : 1
  })
  if (changes.length > 0) applyChanges(store, changes)
  return { applied, value: results, revision: store.revision }
}
