import type { History } from '../../history/operations.ts'
import { compile } from '../etcd/compile/history.ts'
import type { WrongState } from './losses.ts'
import { type KeyWrite, writesByKey } from './writes-by-key.ts'

/** A wrong state as plain data: what a member holds, beside what was written. */
export interface DurabilityViolation {
  readonly code: WrongState['code']
  readonly members: readonly string[]
  /** The key, or `store` for what concerns no single key. */
  readonly partition: string
  /** The store's revision when the member was read; absent where members contradict each other. */
  readonly revision?: number
  /** Of the key that it holds; 0 = it holds no such key; absent for `store`. */
  readonly heldModRevision?: number
  /**
   * Event indexes of requests that may have written the key, of `store` of those that are lost: at
   * most some twenty, around what is held and the last ones.
   */
  readonly writes: readonly number[]
  /** Those of `writes` that were acknowledged, and are newer than what is held. */
  readonly lost: readonly number[]
  /** How many acknowledged writes are newer than what is held. */
  readonly lostFound: number
}

/** In the order of the wrong states. */
export function describeLosses(
  history: History,
  wrong: readonly WrongState[],
): DurabilityViolation[] {
  const compiled = compile(history)
  const byKey = writesByKey(compiled)
  const indexesOf = (lost: WrongState['lost']) => lost.map(({ source }) => source.invokeIndex)
  return wrong.map(({ reason: _, lost, ...state }) => {
    const all = new Set(indexesOf(lost))
    const own = byKey[compiled.keys.indexOf(state.partition)] ?? []
    const writes =
      state.partition === 'store' ? [...all].slice(-mostAtEnd) : chooseWrites(own, state, all)
    const shown = writes.filter((index) => all.has(index))
    return { ...state, writes, lost: shown, lostFound: all.size }
  })
}

const mostAtEnd = 12
const mostAround = 4

/** In the order of requests: those around what the member holds, and the last ones. */
function chooseWrites(
  writes: readonly KeyWrite[],
  { heldModRevision = 0 }: Pick<WrongState, 'heldModRevision'>,
  lost: ReadonlySet<number>,
): number[] {
  const indexes = [...new Set(writes.map(({ op }) => op.source.invokeIndex))]
  const held = writes.find(({ revision }) => revision > 0 && revision === heldModRevision)
  const first = held?.op.source.invokeIndex ?? Math.min(...lost)
  const at = Math.max(indexes.indexOf(first), 0)
  const chosen = new Set([
    ...indexes.slice(Math.max(at - mostAround, 0), at + mostAround),
    ...indexes.slice(-mostAtEnd),
  ])
  return indexes.filter((index) => chosen.has(index))
}
