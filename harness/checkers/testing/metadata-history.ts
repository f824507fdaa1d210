import type { Random } from '../../core/random.ts'
import type { StoredKey } from '../../history/initial-store.ts'
import type { History, HistoryEvent } from '../../history/operations.ts'

type Keys = Readonly<Record<string, StoredKey>>

/** A history in which every revision has an acknowledged writer, and what the store held at each. */
export interface WrittenHistory {
  readonly history: History
  /** By revision, from 1 on: what a correct store holds, with all that etcd says of a key. */
  readonly states: ReadonlyMap<number, Keys>
  readonly revision: number
}

const names = ['a', 'b', 'c']

/**
 * Puts, some with a lease, and deletes of three keys, one after the other; each answers what the key
 * held before, and a read follows it. A delete of each key at the end stays unknown, and did nothing.
 */
export function writeHistory(random: Random, writes: number): WrittenHistory {
  const events: HistoryEvent[] = []
  const states = new Map<number, Keys>([[1, {}]])
  const request = (f: string, asked: object, answered: object | undefined) => {
    const at = { process: events.length, f, timeNs: events.length }
    events.push({ type: 'invoke', ...at, ...asked } as HistoryEvent)
    if (answered !== undefined) events.push({ type: 'ok', ...at, ...answered } as HistoryEvent)
  }
  let revision = 1
  for (let write = 0; write < writes; write++) {
    const key = random.pick(names)
    const before = states.get(revision) ?? {}
    const prev = before[key] ?? null
    const { [key]: _, ...others } = before
    if (prev !== null && random.float() < 0.3) {
      states.set(++revision, others)
      request('delete', { key }, { deleted: 1, prev, revision })
      request('get', { key }, { value: null, modRevision: 0, revision })
      continue
    }
    const lease = random.pick(['0', '0', '7'])
    const value = `v${++revision}`
    const createRevision = prev?.createRevision ?? revision
    const version = (prev?.version ?? 0) + 1
    const held = { value, modRevision: revision, createRevision, version, lease }
    states.set(revision, { ...others, [key]: held })
    request('put', { key, value, ...(lease !== '0' && { lease }) }, { prev, revision })
    request('get', { key }, { ...held, revision })
  }
  for (const key of names) request('delete', { key }, undefined)
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return { history: { header, events }, states, revision }
}
