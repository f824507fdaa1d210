import { agrees, attempt, cellOf, type Cell, compares, type EtcdOp } from './etcd-model.ts'
import { keysOf } from './etcd-timeline.ts'

/**
 * The keys whose content keeps the operation from happening here with the answer it got: as long
 * as these cells stay as they are, so does the contradiction. As few as are easily found.
 */
export function keysToBlame(op: EtcdOp, store: readonly Cell[], revision: number): number[] {
  if (op.range !== undefined) {
    const { range } = op
    const place = range.keys.findIndex(
      (key, at) => !agrees(range, at, cellOf(store, key), revision),
    )
    return place < 0 ? [...range.keys] : [range.keys[place] ?? -1]
  }
  if (op.txn === undefined || op.applied === undefined) return keysOf(op)
  const holds = op.txn.compare.map((one) => compares(one, cellOf(store, one.key)))
  if (op.applied) {
    const failed = op.txn.compare.find((_, at) => !holds[at])
    if (failed !== undefined) return [failed.key]
  } else if (holds.every(Boolean)) return op.txn.compare.map(({ key }) => key)
  const steps = op.applied ? op.txn.then : op.txn.else
  return steps.map(({ key }) => key)
}

/** Whether the operation can happen here and would create a revision, or not, as it answered. */
export function happens(
  op: EtcdOp,
  store: readonly Cell[],
  revision: number,
  writes: boolean,
): ReturnType<typeof attempt> {
  const written = attempt(op, store, revision)
  return written !== undefined && written.length > 0 === writes ? written : undefined
}
