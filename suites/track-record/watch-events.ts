import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError, etcd } from '../../harness/index.ts'

/** Watches a key until its last wanted event; throws a DeadlineError without it. */
export async function eventsUntil(
  client: etcd.MemberClient,
  options: {
    readonly key: string
    readonly startRevision: number
    readonly isLast: (event: etcd.WatchEvent) => boolean
    readonly deadlineMs?: number
  },
): Promise<etcd.WatchEvent[]> {
  const { key, startRevision, isLast, deadlineMs = 10_000 } = options
  const watching = etcd.watch(client, { key, startRevision })
  const delivered: etcd.WatchEvent[] = []
  const over = new AbortController()
  const ending = delay(deadlineMs, undefined, { signal: over.signal })
    .then(() => watching.close())
    .catch(() => {})
  try {
    for await (const { events } of watching) {
      delivered.push(...events)
      if (events.some(isLast)) return delivered
    }
  } finally {
    over.abort()
    await ending
    watching.close()
  }
  const found = delivered.map(({ type, kv }) => `${type} at ${kv.modRevision}`).join(', ')
  throw new DeadlineError(`Expected the last event of a watch on ${key}, got ${found || 'none'}`)
}
