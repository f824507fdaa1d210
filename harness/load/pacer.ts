import type { Load } from './generator.ts'

/** Says when a client's next request is due. */
export interface Pacer {
  /**
   * Calls `start` with the time at which the request is due: at once in a closed loop, and in an open
   * loop at the next fixed time that no other client took. Once the run is over it is called without
   * delay, so that the client can end.
   */
  next(start: (dueMs: number) => void): void
  /** Requests that were due before this time and did not start. */
  notStarted(beforeMs: number): number
}

/** `goesOn` says whether a request that is due at this time belongs to the run. */
export function startPacer({ ratePerS }: Pick<Load, 'ratePerS'>, goesOn: GoesOn): Pacer {
  return ratePerS === undefined ? closedLoop : startOpenLoop(ratePerS, goesOn)
}

const closedLoop: Pacer = {
  next: (start) => start(performance.now()),
  notStarted: () => 0,
}

/** The resolution of timers; requests that are due within it start together. */
const tickMs = 1

type GoesOn = (dueMs: number) => boolean

function startOpenLoop(ratePerS: number, goesOn: GoesOn): Pacer {
  const beginMs = performance.now()
  /** In the order in which they became free, so that all clients have their turn. */
  const free: ((dueMs: number) => void)[] = []
  let isStarting = false
  let started = 0
  const dueMs = () => beginMs + (started * 1_000) / ratePerS
  /** A client that is free again at once is started by the same loop: turns may not nest. */
  const startDue = () => {
    if (isStarting) return
    isStarting = true
    let taken = 0
    for (; taken < free.length; taken++) {
      const nextMs = dueMs()
      const isOver = !goesOn(nextMs)
      if (!isOver && nextMs > performance.now()) break
      if (!isOver) started++
      free[taken]?.(nextMs)
    }
    free.splice(0, taken)
    isStarting = false
  }
  const ticking = setInterval(() => {
    startDue()
    if (!goesOn(dueMs())) clearInterval(ticking)
  }, tickMs)
  return {
    next: (start) => {
      free.push(start)
      startDue()
    },
    notStarted: (beforeMs) => {
      const due = Math.ceil(((beforeMs - beginMs) * ratePerS) / 1_000)
      return Math.max(0, due - started)
    },
  }
}
