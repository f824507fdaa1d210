import type { Tally } from '../tally.ts'

/** Which events each watcher of a run still has to receive. */
export interface Deliveries {
  /** One watcher more. */
  join(): void
  /** A watcher is lost: nothing that is put from now on is expected of it. */
  leave(): void
  /** A put whose event each watcher has to receive; resolves when all have, or it is given up. */
  expect(key: string, dueMs: number): Promise<void>
  received(key: string): void
  /** The put may not have happened: its event may come, and is not missed otherwise. */
  giveUp(key: string): void
  /** Waits for what is outstanding; what does not come in time counts as failed. */
  settled(timeoutMs: number): Promise<void>
}

interface Expected {
  readonly dueMs: number
  left: number
  readonly everywhere: () => void
}

export function openDeliveries(tally: Tally): Deliveries {
  const expected = new Map<string, Expected>()
  let watchers = 0
  let onSettled: (() => void) | undefined
  const remove = (key: string) => {
    expected.get(key)?.everywhere()
    expected.delete(key)
    if (expected.size === 0) onSettled?.()
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
      expected.set(key, { dueMs, left: watchers, everywhere })
      return promise
    },
    received: (key) => {
      const one = expected.get(key)
      if (one === undefined) return
      tally.acknowledged(one.left, performance.now() - one.dueMs)
      if (--one.left === 0) remove(key)
    },
    giveUp: remove,
    settled: async (timeoutMs) => {
      if (expected.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      onSettled = resolve
      const late = setTimeout(resolve, timeoutMs)
      await promise
      clearTimeout(late)
      for (const { left } of expected.values()) {
        for (let missing = 0; missing < left; missing++) tally.failed('an event did not arrive')
      }
    },
  }
}
