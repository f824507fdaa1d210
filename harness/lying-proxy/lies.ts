import { droppedKeepalive, droppedRevoke } from './lease-lies.ts'
import type { Lie } from './lie.ts'
import { staleAnswer, staleRead } from './read-lies.ts'
import { watchDuplicated, watchLost, watchReordered } from './watch-lies.ts'
import { droppedWrite, lockTwice } from './write-lies.ts'

export type { Lie } from './lie.ts'
export { startLyingProxies } from './route.ts'

/** Every lie; a checker must detect each in a real scenario. */
export const lies: readonly Lie[] = [
  staleRead,
  staleAnswer,
  droppedWrite,
  watchLost,
  watchDuplicated,
  watchReordered,
  lockTwice,
  droppedKeepalive,
  droppedRevoke,
]
