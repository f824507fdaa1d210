import { attempt } from '../model.ts'
import { doesWrite } from '../slots.ts'
import { effectOf, type OrderSearch, place, windowOf } from './state.ts'

/**
 * Places the serializable reads from before the start, which see what was there at the start. False
 * when one does not fit.
 */
export function readPast(state: OrderSearch): boolean {
  for (const [revision, reads] of state.staleAt) {
    if (revision >= state.revision) continue
    for (const op of reads) {
      if (attempt(op, state.store, revision) === undefined) return false
      place(state, op, [])
    }
  }
  const pasts = new Set(state.store.map(({ mod }) => mod - 1))
  for (const op of state.staleAnywhere) {
    const fits = [...pasts].some(
      (past) => past >= 0 && past <= state.revision && attempt(op, state.store, past) !== undefined,
    )
    if (fits) place(state, op, [])
  }
  return true
}

/**
 * Places every read that fits. No order is lost: a read changes nothing, and all that real time puts
 * before it is placed. False when a read of this very revision does not fit.
 */
export function settleReads(state: OrderSearch): boolean {
  for (const op of state.staleAt.get(state.revision) ?? []) {
    if (state.placed[op.id] === 1) continue
    if (attempt(op, state.store, state.revision) === undefined) return false
    place(state, op, [])
  }
  for (const op of state.staleAnywhere) {
    if (state.placed[op.id] === 0 && effectOf(state, op) !== undefined) place(state, op, [])
  }
  for (let isNew = true; isNew; ) {
    isNew = false
    for (const op of windowOf(state)) {
      if (doesWrite(op) !== false || effectOf(state, op) === undefined) continue
      place(state, op, [])
      isNew = true
    }
  }
  return true
}
