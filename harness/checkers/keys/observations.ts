import { initialStoreOf } from '../../history/initial-store.ts'
import { operations } from '../../history/join.ts'
import type { WatchedEvent, WatchedState, WatchHeader } from '../../history/logs/watch.ts'
import type { Operation } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { leaseIn } from '../watch/leases.ts'
import { readStreams } from '../watch/read-streams.ts'

/** A key as an answer or an event shows it; what is absent was not shown. */
export interface KeyFacts {
  readonly value?: string | undefined
  readonly createRevision?: number | undefined
  readonly version?: number | undefined
  /** Decimal; `0` = none. */
  readonly lease?: string | undefined
}

/** The key as this revision left it. */
export interface KeyObservation extends KeyFacts {
  readonly key: string
  readonly modRevision: number
  /** The revision deleted it: nothing else is shown. */
  readonly isDeleted?: true
  readonly by: Operation | string
}

export type Observe = (observation: KeyObservation) => void

/** Everything that answers, watchers, and the store at the start and at the end show of any key. */
export function collectObservations(
  { history, watches, final }: CheckInput,
  observe: Observe,
): void {
  const { kvs = {} } = initialStoreOf(history.header) ?? {}
  for (const [key, fields] of Object.entries(kvs)) {
    observe({ key, ...fields, by: 'the store at the start' })
  }
  for (const operation of operations(history)) {
    if (operation.outcome === 'ok') observeAnswer(operation, observe)
  }
  for (const { member, keys } of final?.members ?? []) {
    const by = `the final state of ${member}`
    for (const [key, fields] of Object.entries(keys)) observe({ key, ...fields, by })
  }
  if (watches === undefined) return
  for (const { member, events } of readStreams(watches, () => {})) {
    const by = `the watcher of ${member}`
    for (const event of events) observeEvent(event, { by, header: watches.header }, observe)
  }
}

function observeAnswer(operation: Operation, observe: Observe): void {
  const { f } = operation
  if (f === 'get') observeGet(operation, observe)
  else if (f === 'range') observeRange(operation, observe)
  else if (f === 'txn') observeTxn(operation, observe)
  else observeWrite(operation, observe)
}

function observeGet(operation: Operation, observe: Observe): void {
  const { completion = {}, invoke } = operation as LooseOperation
  observeState(completion, { key: invoke.key ?? '', by: operation }, observe)
}

function observeRange(operation: Operation, observe: Observe): void {
  const { value, metadata } = (operation as LooseOperation).completion ?? {}
  if (!Array.isArray(value)) return
  for (const [at, [key, text, modRevision]] of value.entries()) {
    const fields = { value: text, modRevision, ...factsOf(metadata, at) }
    observeState(fields, { key, by: operation }, observe)
  }
}

/** A get after a put of the same branch observes what that put left. */
function observeTxn(operation: Operation, observe: Observe): void {
  const { applied, value, metadata, revision } = (operation as LooseOperation).completion ?? {}
  if (applied === undefined) return
  const txn = operation.invoke.value as Record<'then' | 'else', readonly (readonly string[])[]>
  for (const [at, [what, key = '', put]] of txn[applied ? 'then' : 'else'].entries()) {
    const result: unknown = Array.isArray(value) ? value[at] : undefined
    if (what === 'get' && Array.isArray(result)) {
      const fields = { value: result[0], modRevision: result[1], ...factsOf(metadata, at) }
      observeState(fields, { key, by: operation }, observe)
    }
    if (typeof revision !== 'number') continue
    const written = { key, modRevision: revision, by: operation }
    if (what === 'put') observe({ ...written, value: put, lease: '0' })
    if (what === 'delete' && result === 1) observe({ ...written, isDeleted: true })
  }
}

/** The write itself and, where the answer has it, what it replaced. */
function observeWrite(operation: Operation, observe: Observe): void {
  const { f, invoke, completion = {} } = operation as LooseOperation
  const { revision, applied, deleted } = completion
  const key = invoke.key ?? ''
  const prev = completion.prev as Fields | null | undefined
  if (prev) observeState(prev, { key, by: operation }, observe)
  if (typeof revision !== 'number') return
  const written = { key, modRevision: revision, by: operation }
  if (f === 'delete' && Number(deleted ?? 0) > 0) observe({ ...written, isDeleted: true })
  if (f === 'cas' && applied !== false && Array.isArray(invoke.value)) {
    observe({ ...written, value: String(invoke.value[1]), lease: '0' })
  }
  if (f !== 'put') return
  const lease = typeof invoke.lease === 'string' ? invoke.lease : '0'
  observe({ ...written, value: String(invoke.value), lease, ...metadataAfterPut(prev, revision) })
}

/** The createRevision and version that a put leaves, given what it replaced. */
function metadataAfterPut(prev: Fields | null | undefined, revision: number): KeyFacts {
  if (prev === undefined) return {}
  if (prev === null) return { createRevision: revision, version: 1 }
  const { createRevision, version } = prev
  if (typeof createRevision !== 'number' || typeof version !== 'number') return {}
  return { createRevision, version: version + 1 }
}

function observeEvent(
  event: WatchedEvent,
  { by, header }: { readonly by: string; readonly header: WatchHeader },
  observe: Observe,
): void {
  const { type, key, modRevision, prev } = event
  const observeState = (state: Partial<WatchedState>) => {
    const { value, modRevision = 0, createRevision, version } = state
    observe({ key, by, value, modRevision, createRevision, version, lease: leaseIn(header, state) })
  }
  if (prev !== undefined) observeState(prev)
  if (type === 'delete') observe({ key, modRevision, isDeleted: true, by })
  else observeState(event)
}

type Fields = Readonly<Record<string, unknown>>
type LooseOperation = Omit<Operation, 'completion'> & { readonly completion?: Fields }

/** A missing key has no mod revision. An answer with a version and no lease says that there is none. */
function observeState(
  { value, modRevision, createRevision, version, lease }: Fields,
  who: { readonly key: string; readonly by: Operation },
  observe: Observe,
): void {
  if (typeof modRevision !== 'number' || modRevision === 0 || value === null) return
  const fields =
    typeof value === 'string' ? { ...who, modRevision, value } : { ...who, modRevision }
  const isDated = typeof createRevision === 'number' && typeof version === 'number'
  const given = typeof lease === 'string' ? lease : '0'
  observe(isDated ? { ...fields, createRevision, version, lease: given } : fields)
}

function factsOf(metadata: unknown, at: number): Fields {
  const fields: unknown = Array.isArray(metadata) ? metadata[at] : undefined
  if (!Array.isArray(fields)) return {}
  const [createRevision, version, lease] = fields
  return { createRevision, version, lease }
}
