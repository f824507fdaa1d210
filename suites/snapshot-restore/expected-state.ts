import {
  acknowledgedWrites,
  type etcd,
  type History,
  type Operation,
  operations,
  requestedWrites,
} from '../../harness/index.ts'

/** What one acknowledged write did to one key; `value` null = it deleted the key. */
interface Effect {
  readonly key: string
  readonly value: string | null
  readonly revision: number
  readonly completedNs: number
}

/** The workload's keys at one revision, as far as its clients know. */
export interface ExpectedState {
  readonly revision: number
  /** Each key's last acknowledged write up to the revision. */
  readonly known: ReadonlyMap<string, Pick<Effect, 'value' | 'revision'>>
  /** Values that requests with an unknown outcome may have left, by key; null = deleted. */
  readonly possible: ReadonlyMap<string, ReadonlySet<string | null>>
}

/** What a store must hold at `revision` after this history, and what it may hold. */
export function stateAt(history: History, revision: number): ExpectedState {
  const known = new Map<string, Pick<Effect, 'value' | 'revision'>>()
  for (const effect of acknowledged(history)) {
    if (effect.revision > revision) continue
    if (effect.revision > (known.get(effect.key)?.revision ?? 0)) known.set(effect.key, effect)
  }
  const possible = new Map<string, Set<string | null>>()
  const unknown = operations(history).filter(({ outcome }) => outcome === 'info')
  for (const [key, value] of unknown.flatMap(requestedWrites)) {
    possible.set(key, (possible.get(key) ?? new Set()).add(value))
  }
  return { revision, known, possible }
}

/** Each difference between the keys found and expected; none = the store is as of that revision. */
export function differences(
  { revision, known, possible }: ExpectedState,
  found: readonly etcd.KeyValue[],
): string[] {
  const byKey = new Map(found.map((kv) => [kv.key, kv]))
  const later = found
    .filter((kv) => kv.modRevision > revision)
    .map((kv) => `${kv.key} written at ${kv.modRevision}, after ${revision}`)
  const wrong = [...new Set([...known.keys(), ...byKey.keys()])].flatMap((key) => {
    const wanted = known.get(key) ?? { value: null, revision: 0 }
    const kv = byKey.get(key)
    if (kv === undefined ? wanted.value === null : kv.modRevision > revision) return []
    if (kv?.value === wanted.value && kv?.modRevision === wanted.revision) return []
    const isPossible = possible.get(key)?.has(kv?.value ?? null) === true
    if (isPossible && (kv === undefined || kv.modRevision > wanted.revision)) return []
    return [`${key} is ${formatKey(kv)}, not ${formatExpected(wanted)}`]
  })
  return [...later, ...wrong]
}

export interface Loss {
  /** Acknowledged writes that a store of that revision lacks. */
  readonly lostWrites: number
  /** From the last acknowledged write that it has to the last acknowledged write. */
  readonly lostMs: number
}

/** The recovery point: what a store loses that goes back to `revision`. */
export function lossAfter(history: History, revision: number): Loss {
  const writes = acknowledged(history)
  const latest = (some: readonly Effect[]) =>
    some.reduce((last, { completedNs }) => Math.max(last, completedNs), 0)
  const lost = writes.filter((write) => write.revision > revision)
  const kept = writes.filter((write) => write.revision <= revision)
  const lostMs = lost.length === 0 ? 0 : Math.round((latest(lost) - latest(kept)) / 1e6)
  return { lostWrites: lost.length, lostMs }
}

/** The highest revision of an acknowledged write, through one member or any. */
export function lastAcknowledged(history: History, through?: string): number {
  return operations(history)
    .filter(({ invoke }) => through === undefined || invoke.member === through)
    .flatMap((operation) => effectOf(operation))
    .reduce((last, { revision }) => Math.max(last, revision), 0)
}

function acknowledged(history: History): Effect[] {
  return operations(history).flatMap(effectOf)
}

function effectOf(operation: Operation): Effect[] {
  const { outcome, completion } = operation
  if (outcome !== 'ok' || completion?.revision === undefined) return []
  const { revision, timeNs: completedNs } = completion
  const writes = acknowledgedWrites(operation)
  return writes.map(([key, value]) => ({ key, value, revision, completedNs }))
}

function formatKey(kv: etcd.KeyValue | undefined): string {
  return kv === undefined ? 'missing' : `${shortenValue(kv.value)} of revision ${kv.modRevision}`
}

function formatExpected({ value, revision }: Pick<Effect, 'value' | 'revision'>): string {
  return value === null
    ? `absent since ${revision}`
    : `${shortenValue(value)} of revision ${revision}`
}

const shortenValue = (value: string) => value.replace(/-\.*$/, '').slice(0, 20)
