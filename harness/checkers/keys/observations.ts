import { operations } from '../../history/join.ts'
import type { Operation } from '../../history/operations.ts'
import type { WatchedEvent, WatchedState } from '../../history/watch-log.ts'
import type { CheckInput } from '../checker.ts'
import { readStreams } from '../watch/streams.ts'

/** A key as somebody was told of it; what is absent was not told. */
export interface KeyFacts {
  readonly value?: string | undefined
  readonly createRevision?: number | undefined
  readonly version?: number | undefined
  /** Decimal; `0` = none. */
  readonly lease?: string | undefined
}

/** The key as this revision left it. */
export interface Sighting extends KeyFacts {
  readonly key: string
  readonly modRevision: number
  /** The revision deleted it: nothing else is told. */
  readonly isDeleted?: true
  readonly by: Operation | string
}

export type See = (sighting: Sighting) => void

/** Who was told what of which key: the members of watchers, and the answered operations. */
export function collectObservations({ history, watches }: CheckInput, see: See): void {
  for (const operation of operations(history)) {
    if (operation.outcome === 'ok') seeAnswer(operation, see)
  }
  if (watches === undefined) return
  for (const { member, events } of readStreams(watches, () => {})) {
    for (const event of events) seeEvent(event, `the watcher of ${member}`, see)
  }
}

function seeAnswer(operation: Operation, see: See): void {
  const { f } = operation
  if (f === 'get') seeGet(operation, see)
  else if (f === 'range') seeRange(operation, see)
  else if (f === 'txn') seeTxn(operation, see)
  else seeWrite(operation, see)
}

function seeGet(operation: Operation, see: See): void {
  const { completion = {}, invoke } = operation as WithFields
  seeState(completion, { key: invoke.key ?? '', by: operation }, see)
}

function seeRange(operation: Operation, see: See): void {
  const { value, metadata } = (operation as WithFields).completion ?? {}
  if (!Array.isArray(value)) return
  for (const [at, [key, text, modRevision]] of value.entries()) {
    const told = { value: text, modRevision, ...factsOf(metadata, at) }
    seeState(told, { key, by: operation }, see)
  }
}

/** A get after a put of the same branch sees what that put left. */
function seeTxn(operation: Operation, see: See): void {
  const { applied, value, metadata, revision } = (operation as WithFields).completion ?? {}
  if (applied === undefined) return
  const txn = operation.invoke.value as Record<'then' | 'else', readonly (readonly string[])[]>
  for (const [at, [what, key = '', put]] of txn[applied ? 'then' : 'else'].entries()) {
    const result: unknown = Array.isArray(value) ? value[at] : undefined
    if (what === 'get' && Array.isArray(result)) {
      const told = { value: result[0], modRevision: result[1], ...factsOf(metadata, at) }
      seeState(told, { key, by: operation }, see)
    }
    if (typeof revision !== 'number') continue
    const written = { key, modRevision: revision, by: operation }
    if (what === 'put') see({ ...written, value: put, lease: '0' })
    if (what === 'delete' && result === 1) see({ ...written, isDeleted: true })
  }
}

/** What was replaced is seen too, and tells of what came of it. */
function seeWrite(operation: Operation, see: See): void {
  const { f, invoke, completion = {} } = operation as WithFields
  const { revision, applied, deleted } = completion
  const key = invoke.key ?? ''
  const prev = completion.prev as Fields | null | undefined
  if (prev) seeState(prev, { key, by: operation }, see)
  if (typeof revision !== 'number') return
  const written = { key, modRevision: revision, by: operation }
  if (f === 'delete' && Number(deleted ?? 0) > 0) see({ ...written, isDeleted: true })
  if (f === 'cas' && applied !== false && Array.isArray(invoke.value)) {
    see({ ...written, value: String(invoke.value[1]), lease: '0' })
  }
  if (f !== 'put') return
  const lease = typeof invoke.lease === 'string' ? invoke.lease : '0'
  see({ ...written, value: String(invoke.value), lease, ...following(prev, revision) })
}

/** What a put makes of the creation and version that it found. */
function following(prev: Fields | null | undefined, revision: number): KeyFacts {
  if (prev === undefined) return {}
  if (prev === null) return { createRevision: revision, version: 1 }
  const { createRevision, version } = prev
  if (typeof createRevision !== 'number' || typeof version !== 'number') return {}
  return { createRevision, version: version + 1 }
}

function seeEvent(event: WatchedEvent, by: string, see: See): void {
  const { type, key, modRevision, prev } = event
  if (prev !== undefined) seeWatched(prev, { key, by }, see)
  if (type === 'delete') see({ key, modRevision, isDeleted: true, by })
  else seeWatched(event, { key, by }, see)
}

function seeWatched(
  { value, modRevision = 0, createRevision, version }: Partial<WatchedState>,
  who: { readonly key: string; readonly by: string },
  see: See,
): void {
  see({ ...who, value, modRevision, createRevision, version })
}

type Fields = Readonly<Record<string, unknown>>
type WithFields = Omit<Operation, 'completion'> & { readonly completion?: Fields }

/** A missing key has no mod revision. Who was told the version was told of the lease, or of none. */
function seeState(
  { value, modRevision, createRevision, version, lease }: Fields,
  who: { readonly key: string; readonly by: Operation },
  see: See,
): void {
  if (typeof modRevision !== 'number' || modRevision === 0 || value === null) return
  const told = typeof value === 'string' ? { ...who, modRevision, value } : { ...who, modRevision }
  const isDated = typeof createRevision === 'number' && typeof version === 'number'
  const given = typeof lease === 'string' ? lease : '0'
  see(isDated ? { ...told, createRevision, version, lease: given } : told)
}

function factsOf(metadata: unknown, at: number): Fields {
  const told: unknown = Array.isArray(metadata) ? metadata[at] : undefined
  if (!Array.isArray(told)) return {}
  const [createRevision, version, lease] = told
  return { createRevision, version, lease }
}
