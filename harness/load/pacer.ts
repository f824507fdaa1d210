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
  let free: ((dueMs: number) => void)[] = []
  let started = 0
  const dueMs = () => beginMs + (started * 1_000) / ratePerS
  const startDue = () => {
    const nowMs = performance.now()
    let taken = 0
    for (; taken < free.length && dueMs() <= nowMs; taken++) free[taken]?.(takeTurn())
    if (taken > 0) free = free.slice(taken)
  }
  const takeTurn = () => {
    const turnMs = dueMs()
    started++
    return turnMs
  }
  const ticking = setInterval(() => {
    if (goesOn(dueMs())) {
      startDue()
      return
    }
    clearInterval(ticking)
    for (const start of free.splice(0)) start(dueMs())
  }, tickMs)
  return {
    next: (start) => {
      if (!goesOn(dueMs())) start(dueMs())
      else if (dueMs() > performance.now()) free.push(start)
      else start(takeTurn())
    },
    notStarted: (beforeMs) => {
      const due = Math.ceil(((beforeMs - beginMs) * ratePerS) / 1_000)
      return Math.max(0, due - started)
    },
  }
}
