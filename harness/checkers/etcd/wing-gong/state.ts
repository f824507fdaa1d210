import type { CompiledHistory } from '../compile/history.ts'
import { type Facts, isClosed } from '../facts.ts'
import { attempt, cellOf } from '../model.ts'
import type { Cell, EtcdOp, Writes } from '../operation.ts'
import { missingCell } from '../operation.ts'
import { doesWrite, type Slots, sortedBy } from '../slots.ts'
import { namedRevisions, ownedRevisions } from './revisions.ts'

/** Where the search of orders stands, with the way back. */
export interface OrderSearch {
  readonly compiled: CompiledHistory
  readonly facts: Facts
  /** Ids of what must be placed: by invocation (stale reads left out), and all by completion. */
  readonly required: readonly number[]
  readonly byCompletion: Int32Array
  readonly unknown: readonly number[]
  readonly staleAt: ReadonlyMap<number, readonly EtcdOp[]>
  readonly staleAnywhere: readonly EtcdOp[]
  /** By revision: the op whose answer says that it created it. */
  readonly creators: ReadonlyMap<number, EtcdOp>
  /** Revisions that some answer names, ascending. */
  readonly named: readonly number[]
  /** By op: the only revision that it can create. */
  readonly ownedBy: ReadonlyMap<number, number>
  readonly placed: Uint8Array
  readonly store: Cell[]
  readonly trail: Undo[]
  revision: number
  left: number
  firstRequired: number
  firstOpen: number
}

type Undo = { readonly op: number } | { readonly key: number; readonly cell: Cell }

export interface Checkpoint {
  readonly trail: number
  readonly revision: number
  readonly firstRequired: number
  readonly firstOpen: number
}

export function startOrderSearch(
  compiled: CompiledHistory,
  slots: Slots,
  facts: Facts,
): OrderSearch {
  const { ops } = compiled
  const known = ops.filter(({ isKnown }) => isKnown)
  const stale = known.filter(({ isStale }) => isStale)
  const byCompletion = sortedBy(known.length, (at) => known[at]?.source.completeIndex ?? 0)
  const creators = new Map<number, EtcdOp>()
  for (const op of known) {
    if (op.revision >= 0 && doesWrite(op) === true) creators.set(op.revision, op)
  }
  return {
    compiled,
    facts,
    required: known.filter(({ isStale }) => !isStale).map(({ id }) => id),
    byCompletion: byCompletion.map((at) => known[at]?.id ?? 0),
    unknown: ops.filter(({ isKnown }) => !isKnown).map(({ id }) => id),
    staleAt: Map.groupBy(
      stale.filter(({ revision }) => revision >= 0),
      ({ revision }) => revision,
    ),
    staleAnywhere: stale.filter(({ revision }) => revision < 0),
    creators,
    named: namedRevisions(compiled, facts),
    ownedBy: ownedRevisions(compiled, slots, facts),
    placed: new Uint8Array(ops.length),
    store: [...compiled.initial],
    trail: [],
    revision: 0,
    left: known.length,
    firstRequired: 0,
    firstOpen: 0,
  }
}

export function checkpointOf({
  trail,
  revision,
  firstRequired,
  firstOpen,
}: OrderSearch): Checkpoint {
  return { trail: trail.length, revision, firstRequired, firstOpen }
}

export function restore(search: OrderSearch, checkpoint: Checkpoint): void {
  while (search.trail.length > checkpoint.trail) {
    const undo = search.trail.pop()
    if (undo === undefined) break
    if ('key' in undo) search.store[undo.key] = undo.cell
    else {
      search.placed[undo.op] = 0
      if (search.compiled.ops[undo.op]?.isKnown) search.left++
    }
  }
  search.revision = checkpoint.revision
  search.firstRequired = checkpoint.firstRequired
  search.firstOpen = checkpoint.firstOpen
}

export function place(search: OrderSearch, op: EtcdOp, writes: Writes): void {
  search.placed[op.id] = 1
  search.trail.push({ op: op.id })
  if (op.isKnown) search.left--
  if (writes.length === 0) return
  search.revision++
  for (const { key, cell } of writes) {
    search.trail.push({ key, cell: cellOf(search.store, key) })
    search.store[key] = cell
  }
}

/** The event before which an operation must have been invoked to be next. */
export function horizon(search: OrderSearch): number {
  const { byCompletion, placed, compiled } = search
  while (placed[byCompletion[search.firstOpen] ?? -1] === 1) search.firstOpen++
  return compiled.ops[byCompletion[search.firstOpen] ?? -1]?.source.completeIndex ?? Infinity
}

/** The known ops that may be next, by invocation. */
export function windowOf(search: OrderSearch): EtcdOp[] {
  const { required, placed, compiled } = search
  const until = horizon(search)
  while (placed[required[search.firstRequired] ?? -1] === 1) search.firstRequired++
  const window: EtcdOp[] = []
  for (let at = search.firstRequired; at < required.length; at++) {
    const op = compiled.ops[required[at] ?? -1]
    if (op === undefined || op.source.invokeIndex > until) break
    if (placed[op.id] === 0) window.push(op)
  }
  return window
}

/** What the op writes when it is next; undefined = it cannot be. */
export function effectOf(search: OrderSearch, op: EtcdOp): Writes | undefined {
  const { revision, store, facts } = search
  const writes = attempt(op, store, revision)
  if (writes === undefined) return undefined
  if (writes.length === 0) {
    return op.revision < 0 || op.revision === revision ? writes : undefined
  }
  if (op.revision >= 0 && op.revision !== revision + 1) return undefined
  if (revision + 1 > op.latest) return undefined
  if ((search.ownedBy.get(op.id) ?? revision + 1) !== revision + 1) return undefined
  const creator = search.creators.get(revision + 1)
  if (creator !== undefined && creator !== op) return undefined
  if (writes.some(({ key }) => isClosed(facts, key, revision + 1))) return undefined
  const pins = facts.pins.get(revision + 1) ?? []
  const isAsSeen = pins.every(({ key, value }) => {
    const { value: put } = writes.findLast((write) => write.key === key)?.cell ?? missingCell
    return put !== null && (value === undefined || value === put)
  })
  return isAsSeen ? writes : undefined
}
