import type { Random } from '../../core/random.ts'
import type { History, HistoryEvent, OperationEvent } from '../../history/operations.ts'
import type { FinalState, MemberFinalState } from '../checker.ts'
import { keysAt, type SimulatedCell, type Store } from './etcd-simulated-store.ts'
import { type EtcdSimulation, simulateEtcdToEnd } from './etcd-simulator.ts'

/** What one member ended with. */
export type Held = Pick<MemberFinalState, 'revision' | 'keys'>

export interface EndedHistory {
  readonly history: History
  readonly store: Store
  /** What the store holds at the end. */
  readonly held: Held
}

/** A simulated history and what its store holds at its end, now and then after a lease's end. */
export function simulateToFinalState(simulation: EtcdSimulation, random: Random): EndedHistory {
  const { history, store } = simulateEtcdToEnd(simulation)
  if (random.float() >= 0.2) return { history, store, held: heldAt(store, store.revision) }
  const keys = [...store.past.keys()].filter(() => random.float() < 0.5)
  const hasEnded = random.float() < 0.5
  const held = hasEnded ? afterExpiry(store, keys) : heldAt(store, store.revision)
  return { history: withExpiry(history, keys), store, held }
}

export function finalStateOf(...held: readonly Held[]): FinalState {
  const members = held.map((each, at) => {
    return { member: `m${at + 1}`, ...each, hash: 1, hashRevision: each.revision }
  })
  return { members }
}

/** The history in which each member's state is one more answer, for the oracle. */
export function withFinalReads({ header, events }: History, { members }: FinalState): History {
  const requests = members.map(({ member }, at) => {
    const invoke = { process: 1_000 + at, f: 'range', key: '\u0000', end: '\u0000', member }
    return { type: 'invoke', timeNs: 0, ...invoke } as const
  })
  const answers = members.map(({ keys, revision }, at) => {
    const value = Object.entries(keys)
      .map(([key, kv]) => [key, kv.value, kv.modRevision] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1))
    const answer = { value, count: value.length, more: false, revision }
    return { type: 'ok', process: 1_000 + at, f: 'range', timeNs: 0, ...answer } as const
  })
  return { header, events: [...events, ...requests, ...answers] }
}

function heldAt(store: Store, revision: number): Held {
  return heldOf(keysAt(store, revision), revision)
}

function heldOf(cells: ReadonlyMap<string, SimulatedCell>, revision: number): Held {
  const keys = [...cells].map(
    ([key, { value, mod }]) => [key, { value, modRevision: mod }] as const,
  )
  return { revision, keys: Object.fromEntries(keys) }
}

/** As the recorder of leases writes it: what ends with the lease, by a process of its own. */
function withExpiry({ header, events }: History, keys: readonly string[]): History {
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  const value = { compare: [], then: keys.map((key) => ['delete', key]), else: [] }
  const expiry = {
    type: 'invoke',
    process: 900,
    f: 'txn',
    timeNs: 0,
    value,
    expiryOf: '7',
  } as const
  return { header, events: [expiry as HistoryEvent, ...events] }
}

function afterExpiry(store: Store, keys: readonly string[]): Held {
  const cells = keysAt(store, store.revision)
  const gone = keys.filter((key) => cells.delete(key))
  return heldOf(cells, store.revision + (gone.length > 0 ? 1 : 0))
}

type Falsify = (ended: EndedHistory, random: Random) => Held

/** Ways in which a member can end with what it should not hold. Some results are possible still. */
export const falsifications: Readonly<Record<string, Falsify>> = {
  'a key is lost': ({ held }, random) => {
    const lost = pickKey(held, random)
    return withKeys(held, (entries) => entries.filter(([key]) => key !== lost))
  },
  'an old value is back': ({ held, store }, random) => {
    const old = keysAt(store, random.int(store.start, store.revision))
    return replaceKey(held, pickKey(held, random), (key, kv) => {
      const cell = old.get(key)
      return cell === undefined ? kv : { value: cell.value, modRevision: cell.mod }
    })
  },
  'a key has another value': ({ held }, random) => {
    const other = held.keys[pickKey(held, random)]?.value ?? 'v0'
    return replaceKey(held, pickKey(held, random), (_, kv) => ({ ...kv, value: other }))
  },
  'a key has the mod revision of another write': ({ history, held }, random) => {
    const revisions = history.events.flatMap((event) => (event as OperationEvent).revision ?? [])
    const modRevision = revisions.length === 0 ? held.revision : random.pick(revisions)
    return replaceKey(held, pickKey(held, random), (_, kv) => ({ ...kv, modRevision }))
  },
  'the store is back at an earlier revision': ({ store }, random) => {
    return heldAt(store, random.int(store.start, store.revision))
  },
  'the content of an earlier revision has the last one': ({ store, held }, random) => {
    return { ...heldAt(store, random.int(store.start, store.revision)), revision: held.revision }
  },
  'there is one more key': ({ held, store }, random) => {
    const key = random.pick(['k0', 'k1', 'k9'])
    const modRevision = random.int(store.start, held.revision)
    const more = [key, { value: random.pick(['v0', 'v1']), modRevision }] as const
    return withKeys(held, (entries) => [more, ...entries])
  },
  'the revision is another': ({ held }, random) => {
    return { ...held, revision: Math.max(1, held.revision + random.pick([-2, -1, 1])) }
  },
}

type Entry = readonly [string, { readonly value: string; readonly modRevision: number }]

function withKeys(held: Held, change: (entries: readonly Entry[]) => readonly Entry[]): Held {
  return { ...held, keys: Object.fromEntries(change(Object.entries(held.keys))) }
}

function replaceKey(
  held: Held,
  key: string,
  change: (key: string, kv: Entry[1]) => Entry[1],
): Held {
  return withKeys(held, (entries) =>
    entries.map(([name, kv]) => [name, name === key ? change(name, kv) : kv] as const),
  )
}

function pickKey({ keys }: Held, random: Random): string {
  const names = Object.keys(keys)
  return names.length === 0 ? '' : random.pick(names)
}
