import { createRandom, type Random } from '../../core/random.ts'
import type { History, HistoryHeader, OperationEvent } from '../../history/operations.ts'

export interface EtcdSimulation {
  readonly seed: number | string
  readonly operations: number
  readonly keys: number
  readonly processes: number
  /** Share of requests whose outcome stays unknown; half of them happened. */
  readonly unknownShare: number
  /** After each so many operations begun, so many in a row stay unknown, as in an outage. */
  readonly outages?: { readonly every: number; readonly length: number }
  /** Distinct values; 0 = every put has its own. */
  readonly values?: number
  readonly initial?: HistoryHeader['initial']
  /** Share of foreign writes; the header says so. */
  readonly foreignShare?: number
  /** Share of puts and deletes that are told what the key was before. */
  readonly prevShare?: number
  /** Weights by kind of request. */
  readonly mix?: Readonly<Record<string, number>>
}

const defaultMix = { put: 40, get: 35, 'stale-get': 5, delete: 5, cas: 10, range: 2, txn: 3 }

interface Cell {
  readonly value: string
  readonly mod: number
}

interface Store {
  revision: number
  kvs: Map<string, Cell>
  /** Deltas, so that a stale read can be answered: by key, what it held since which revision. */
  readonly past: Map<string, { readonly since: number; readonly cell: Cell | undefined }[]>
  readonly start: number
}

type Open = { -readonly [F in keyof OperationEvent]: OperationEvent[F] }

interface Client {
  open: Open | undefined
  answer: Open | undefined
  fate: 'ok' | 'fail' | 'info'
  willHappen: boolean
}

/** A history that a correct etcd could have given, drawn from the seed, event by event. */
export function simulateEtcd(simulation: EtcdSimulation): History {
  const random = createRandom(simulation.seed)
  const store = openStore(simulation)
  const events: OperationEvent[] = []
  const clients = Array.from({ length: simulation.processes }, (): Client => idle())
  const draw = drawer(simulation, random)
  let begun = 0
  let timeNs = 0
  const isBusy = () => begun < simulation.operations || clients.some(({ open }) => open)
  while (isBusy()) {
    const process = random.int(0, clients.length - 1)
    const client = clients[process] as Client
    timeNs += 1000
    if (client.open === undefined) {
      if (begun++ >= simulation.operations) continue
      client.open = { type: 'invoke', process, timeNs, ...draw.request() }
      events.push(client.open)
      Object.assign(client, draw.fate(begun), { answer: undefined })
      continue
    }
    if (random.float() < (simulation.foreignShare ?? 0)) store.revision++
    if (client.answer === undefined) {
      const prev = previous(simulation, store, client.open, random)
      const answer = client.willHappen ? happen(store, client.open, random) : {}
      client.answer = { ...answer, ...prev } as Open
      if (random.float() < 0.5) continue
    }
    const { f, key } = client.open
    const told = client.fate === 'ok' ? client.answer : {}
    const named = key === undefined ? { f } : { f, key }
    events.push({ type: client.fate, process, timeNs, ...named, ...told })
    clients[process] = idle()
  }
  return { header: headerOf(simulation), events }
}

function headerOf({ initial, foreignShare }: EtcdSimulation): HistoryHeader {
  return {
    format: 'gauntlet-history/1',
    model: 'etcd',
    ...(initial !== undefined && { initial }),
    ...(foreignShare !== undefined && { foreignWrites: true }),
  }
}

const idle = (): Client => ({
  open: undefined,
  answer: undefined,
  fate: 'ok',
  willHappen: true,
})

function openStore({ initial }: EtcdSimulation): Store {
  const given = (initial ?? {}) as {
    revision?: number
    kvs?: Record<string, { value: string; modRevision: number }>
  }
  const kvs = Object.entries(given.kvs ?? {}).map(
    ([key, { value, modRevision }]) => [key, { value, mod: modRevision }] as const,
  )
  const least = Math.max(1, ...kvs.map(([, { mod }]) => mod))
  const revision = given.revision ?? least
  const store: Store = { revision, kvs: new Map(kvs), past: new Map(), start: revision }
  for (const [key, cell] of kvs) store.past.set(key, [{ since: revision, cell }])
  return store
}

function drawer(simulation: EtcdSimulation, random: Random) {
  const mix = Object.entries(simulation.mix ?? defaultMix)
  const total = mix.reduce((sum, [, weight]) => sum + weight, 0)
  let fresh = 0
  const key = () => `k${random.int(0, simulation.keys - 1)}`
  const value = () => {
    if (!simulation.values) return `v${fresh++}`
    return `v${random.int(0, simulation.values - 1)}`
  }
  const recent = () => {
    if (random.float() < 0.2) return null
    if (simulation.values) return value()
    return `v${Math.max(0, fresh - random.int(1, 60))}`
  }
  const kind = () => {
    let at = random.float() * total
    for (const [f, weight] of mix) {
      at -= weight
      if (at < 0) return f
    }
    return 'put'
  }
  const request = (): Pick<OperationEvent, 'f' | 'key' | 'value' | 'serializable'> => {
    const f = kind()
    if (f === 'put') return { f, key: key(), value: value() }
    if (f === 'stale-get') return { f: 'get', key: key(), serializable: true }
    if (f === 'cas') return { f, key: key(), value: [recent(), value()] }
    if (f === 'range') return drawRange(random, key)
    if (f === 'txn') return { f, value: drawTxn(random, key, value, recent) }
    return { f, key: key() }
  }
  const { every = 0, length = 0 } = simulation.outages ?? {}
  const fate = (begun: number): Pick<Client, 'fate' | 'willHappen'> => {
    const isOut = every > 0 && begun % every >= every - length
    if (!isOut && random.float() >= simulation.unknownShare) {
      const isRefused = random.float() < 0.01
      return { fate: isRefused ? 'fail' : 'ok', willHappen: !isRefused }
    }
    return { fate: 'info', willHappen: random.float() < 0.5 }
  }
  return { request, fate }
}

function drawRange(random: Random, key: () => string) {
  const end = random.pick(['\u0000', key()])
  const limit = random.pick([0, 0, 1, 2])
  return { f: 'range', key: random.pick(['k', key()]), end, ...(limit > 0 && { limit }) }
}

function drawTxn(
  random: Random,
  key: () => string,
  value: () => string,
  recent: () => string | null,
) {
  const one = key()
  const other = key()
  const old = recent()
  const compare = old === null ? [one, 'mod', '=', 0] : [one, 'value', '=', old]
  const branches = [
    [['get', one], ['put', one, value()], ...(one === other ? [] : [['delete', other]])],
    [['put', one, value()], ...(one === other ? [] : [['put', other, value()]])],
    [
      ['delete', one],
      ['get', other],
    ],
    [['get', other]],
    [],
  ]
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  return { compare: [compare], then: random.pick(branches), else: random.pick(branches) }
}

function previous(
  { prevShare = 0 }: EtcdSimulation,
  { kvs }: Store,
  { f, key = '' }: Open,
  random: Random,
): object {
  if ((f !== 'put' && f !== 'delete') || prevShare === 0 || random.float() >= prevShare) return {}
  const cell = kvs.get(key)
  return { prev: cell === undefined ? null : { value: cell.value, modRevision: cell.mod } }
}

/** Applies the request and returns what is answered. */
function happen(store: Store, { f, key = '', value, ...asked }: Open, random: Random): object {
  const cell = store.kvs.get(key)
  if (f === 'put') {
    set(store, [[key, String(value)]])
    return { revision: store.revision }
  }
  if (f === 'delete') {
    if (cell !== undefined) set(store, [[key, null]])
    return { deleted: cell === undefined ? 0 : 1, revision: store.revision }
  }
  if (f === 'cas') {
    const [old, fresh] = value as [string | null, string]
    const applied = (cell?.value ?? null) === old
    if (applied) set(store, [[key, fresh]])
    return { applied, revision: store.revision }
  }
  if (f === 'txn') return happenTxn(store, value as RawTxn)
  if (f === 'range') return list(store, { key, ...asked })
  if (asked.serializable !== true) return { ...tell(cell), revision: store.revision }
  const lag = Math.min(store.revision - store.start, random.pick([0, 0, 1, 2, 5]))
  const revision = store.revision - lag
  return { ...tell(cellAt(store, key, revision)), revision }
}

const tell = (cell: Cell | undefined) => ({
  value: cell?.value ?? null,
  modRevision: cell?.mod ?? 0,
})

function cellAt(store: Store, key: string, revision: number): Cell | undefined {
  return store.past.get(key)?.findLast(({ since }) => since <= revision)?.cell
}

function set(store: Store, changes: readonly (readonly [string, string | null])[]): void {
  store.revision++
  for (const [key, value] of changes) {
    const cell = value === null ? undefined : { value, mod: store.revision }
    if (cell === undefined) store.kvs.delete(key)
    else store.kvs.set(key, cell)
    const past = store.past.get(key) ?? []
    past.push({ since: store.revision, cell })
    if (past.length > 40) past.splice(0, 20)
    store.past.set(key, past)
  }
}

function list(store: Store, asked: { key: string; [field: string]: unknown }): object {
  const { key, end, limit } = asked as { key: string; end?: string; limit?: number }
  const within = [...store.kvs]
    .filter(([name]) =>
      end === undefined ? name === key : name >= key && (end === '\u0000' || name < end),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const listed = limit ? within.slice(0, limit) : within
  return {
    value: listed.map(([name, { value, mod }]) => [name, value, mod]),
    count: within.length,
    more: listed.length < within.length,
    revision: store.revision,
  }
}

type RawTxn = Record<'compare' | 'then' | 'else', [string, string, string, string | number][]>

function happenTxn(store: Store, txn: RawTxn): object {
  const applied = txn.compare.every(([key, target, , operand]) => {
    const cell = store.kvs.get(key)
    return target === 'mod' ? (cell?.mod ?? 0) === operand : cell?.value === operand
  })
  const changes: [string, string | null][] = []
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
  if (changes.length > 0) set(store, changes)
  return { applied, value: results, revision: store.revision }
}
