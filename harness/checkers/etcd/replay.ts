import type { Frame, PlanSearch } from './backtracking/state.ts'
import type { CompiledHistory } from './compile/history.ts'
import { attempt } from './model.ts'
import type { Cell, EtcdOp, Writes } from './operation.ts'
import { missingCell } from './operation.ts'

/** What a finished search has decided: the store at every revision, and which op wrote it. */
export interface Replay {
  /** The revision at which the history begins, and the last one. */
  readonly start: number
  readonly top: number
  /** By key, ascending: what it holds from a revision on. */
  readonly versions: readonly (readonly Version[])[]
  /** By event of invocation: the revision that an op without a slot of its own created. */
  readonly createdBy: ReadonlyMap<number, number>
}

export interface Version {
  readonly since: number
  readonly cell: Cell
}

/**
 * Repeats the search's decisions from the beginning. Acknowledged writes that fill no gap go to the
 * end, in the order of invocation; undefined when one cannot happen there.
 */
export function replay(
  search: PlanSearch,
  { initial, initialRevision }: CompiledHistory,
  late: readonly EtcdOp[],
): Replay | undefined {
  const store = [...initial]
  const versions = store.map((cell): Version[] => [{ since: -1, cell }])
  const createdBy = new Map<number, number>()
  let start = -1
  let top = -1
  const write = (writes: Writes, revision: number) => {
    if (start < 0) start = revision - 1
    top = revision
    for (const { key, cell } of writes) {
      store[key] = cell
      versions[key]?.push({ since: revision, cell })
    }
  }
  const frames = Map.groupBy(search.frames, ({ node }) => node)
  for (let node = 0; node < search.nodes.length; node++) {
    const op = search.ops[search.nodes[node] ?? -1]
    if (op === undefined) for (const frame of frames.get(node) ?? []) fill(frame)
    else {
      const slot = search.slots.slots[op.id] ?? 0
      if (slot % 2 === 0) write(attempt(op, store, slot / 2 - 1) ?? [], slot / 2)
      else top = Math.max(top, (slot - 1) / 2)
    }
  }
  for (const op of late) {
    const writes = attempt(op, store, top)
    if (writes === undefined || writes.length === 0 || top + 1 > op.latest) return undefined
    createdBy.set(op.source.invokeIndex, top + 1)
    write(writes, top + 1)
  }
  const first = initialRevision >= 0 ? initialRevision : start
  const newest = initial.reduce((most, { mod }) => Math.max(most, mod), first)
  top = Math.max(top, newest)
  return { start: first < 0 ? top : first, top, versions, createdBy }

  function fill({ choice, gap, offset }: Frame): void {
    const op = search.ops[choice.op]
    if (op === undefined) return
    createdBy.set(op.source.invokeIndex, gap.revision + offset)
    write(choice.writes, gap.revision + offset)
  }
}

/** The store at a revision, with these keys alone. */
export function storeAt(replayed: Replay, keys: readonly number[], revision: number): Cell[] {
  const store: Cell[] = []
  for (const key of keys) store[key] = versionAt(replayed, key, revision).cell
  return store
}

/** The revisions in these bounds from which one of the keys holds something else; the first too. */
export function changesWithin(
  { versions }: Replay,
  keys: readonly number[],
  { low, high }: { readonly low: number; readonly high: number },
): number[] {
  const changes = new Set([low])
  for (const key of keys) {
    const of = versions[key] ?? []
    for (let at = placeOf(of, low) + 1; at < of.length; at++) {
      const since = of[at]?.since ?? 0
      if (since > high) break
      changes.add(since)
    }
  }
  return [...changes].sort((one, other) => one - other)
}

export function versionAt({ versions }: Replay, key: number, revision: number): Version {
  const of = versions[key] ?? []
  return of[placeOf(of, revision)] ?? { since: -1, cell: missingCell }
}

/** The last one that began by then. */
function placeOf(versions: readonly Version[], revision: number): number {
  let low = 0
  let high = versions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((versions[middle]?.since ?? 0) <= revision) low = middle + 1
    else high = middle
  }
  return low - 1
}
