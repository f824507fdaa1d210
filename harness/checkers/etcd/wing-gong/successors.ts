import { metadataOf } from '../compile/metadata-keys.ts'
import type { EtcdOp, Writes } from '../operation.ts'
import { doesWrite } from '../slots.ts'
import { effectOf, horizon, type OrderSearch, windowOf } from './state.ts'

/** What may happen next: an op, or other clients' writes up to a revision. */
export interface Successor {
  readonly op: EtcdOp | undefined
  readonly writes: Writes
  readonly revision: number
}

/**
 * All that can happen next once the reads are settled, the likeliest first: known writes, then
 * those of other clients, then unknown ones (of interchangeable ones the first).
 */
export function successorsOf(search: OrderSearch): Successor[] {
  const successors: Successor[] = []
  const offer = (op: EtcdOp) => {
    const writes = effectOf(search, op)
    if (writes === undefined || (writes.length === 0 && doesWrite(op) !== undefined)) return
    successors.push({ op, writes, revision: search.revision })
  }
  const window = windowOf(search)
  window.sort((one, other) => one.source.completeIndex - other.source.completeIndex)
  for (const op of window) offer(op)
  const creator = search.creators.get(search.revision + 1)
  if (creator !== undefined) return successors
  const foreign = foreignWrite(search)
  if (foreign !== undefined) successors.push(foreign)
  for (const op of unknownOnes(search)) {
    const writes = effectOf(search, op)
    if (writes !== undefined && writes.length > 0) {
      successors.push({ op, writes, revision: search.revision })
    }
  }
  return successors
}

/** Up to the next revision that some answer names, with room for every write that has no place. */
function foreignWrite(search: OrderSearch): Successor | undefined {
  const { compiled, facts, named, revision } = search
  if (!compiled.hasForeignWrites || facts.pins.has(revision + 1)) return undefined
  const next = named.find((one) => one > revision)
  if (next === undefined) return undefined
  const room = compiled.ops.length
  return { op: undefined, writes: [], revision: Math.max(revision + 1, next - 1 - room) }
}

function unknownOnes(search: OrderSearch): EtcdOp[] {
  const until = horizon(search)
  const seen = new Set<string>()
  const ones: EtcdOp[] = []
  for (const id of search.unknown) {
    const op = search.compiled.ops[id]
    if (op === undefined || op.source.invokeIndex > until) break
    if (search.placed[id] === 1) continue
    const { f, key, old, value, lease, txn } = op
    const alike = JSON.stringify([f, key, old, value, lease, txn])
    if (seen.has(alike)) continue
    seen.add(alike)
    ones.push(op)
  }
  return ones
}

/** Everything that the rest of the search depends on. */
export function stateKey(search: OrderSearch): string {
  const { placed, store, revision, firstRequired, required, unknown, staleAnywhere } = search
  const { metadataKeys } = search.compiled
  const last = windowEnd(search)
  const ahead = required.slice(firstRequired, last).filter((id) => placed[id] === 1)
  const used = unknown.filter((id) => placed[id] === 1)
  const stale = staleAnywhere.flatMap(({ id }) => (placed[id] === 1 ? [] : [id]))
  const cells = store.map((cell, key) => {
    const { value, mod } = cell
    return value === null ? '' : `${mod}/${metadataOf(metadataKeys, key, cell)}=${value}`
  })
  return JSON.stringify([revision, firstRequired, ahead, used, stale, cells])
}

function windowEnd(search: OrderSearch): number {
  const { compiled, required } = search
  const until = horizon(search)
  let at = search.firstRequired
  while (at < required.length) {
    if ((compiled.ops[required[at] ?? -1]?.source.invokeIndex ?? 0) > until) break
    at++
  }
  return at
}
