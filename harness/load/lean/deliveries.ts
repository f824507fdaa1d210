import type { Tally } from '../tally.ts'

/** Which events each watcher of a run still has to receive. */
export interface Deliveries {
  /** One watcher more. */
  join(): void
  /** A watcher is lost: nothing that is put from now on is expected of it. */
  leave(): void
  /**
   * A put whose event each watcher has to receive; resolves when all have, or it is given up, or after
   * the timeout: what has not come by then counts as failed.
   */
  expect(key: string, dueMs: number): Promise<void>
  received(key: string): void
  /** The put may not have happened: its event may come, and is not missed otherwise. */
  giveUp(key: string): void
  /** Waits for what is outstanding, for the timeout at the longest. */
  settled(): Promise<void>
}

interface Expected {
  readonly dueMs: number
  left: number
  readonly everywhere: () => void
  readonly late: NodeJS.Timeout
}

export function openDeliveries(tally: Tally, timeoutMs: number): Deliveries {
  const expected = new Map<string, Expected>()
  let watchers = 0
  let onSettled: (() => void) | undefined
  const remove = (key: string) => {
    const one = expected.get(key)
    expected.delete(key)
    clearTimeout(one?.late)
    one?.everywhere()
    if (expected.size === 0) onSettled?.()
  }
  /** A watcher that was lost since the put does not receive it, and no other event says so. */
  const miss = (key: string) => {
    const missing = expected.get(key)?.left ?? 0
    for (let each = 0; each < missing; each++) tally.failed('an event did not arrive')
    remove(key)
  }
  return {
    join: () => {
      watchers++
    },
    leave: () => {
      watchers--
    },
    expect: (key, dueMs) => {
      const { promise, resolve: everywhere } = Promise.withResolvers<void>()
      clearTimeout(expected.get(key)?.late)
      const late = setTimeout(() => miss(key), timeoutMs)
      expected.set(key, { dueMs, left: watchers, everywhere, late })
      return promise
    },
    received: (key) => {
      const one = expected.get(key)
      if (one === undefined) return
      tally.acknowledged(one.left, performance.now() - one.dueMs)
      if (--one.left === 0) remove(key)
    },
    giveUp: remove,
    settled: async () => {
      if (expected.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      onSettled = resolve
      await promise
    },
  }
}
