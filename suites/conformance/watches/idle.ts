import { setTimeout as sleep } from 'node:timers/promises'
import { etcd } from '../../../harness/index.ts'
import type { TopicContext, TopicPart } from '../topic.ts'
import { formatEvent } from './collector.ts'

/** Longer than what keeps connections and streams alive by chance. */
const idleMs = 10_000

/** Runs the parts beside a watch at each member whose key does not change meanwhile. */
export function besideIdleWatches(parts: readonly TopicPart[]): TopicPart {
  return async (context) => {
    const { drill, client, collect, prefix } = context
    const key = `${prefix}idle`
    using open = new DisposableStack()
    const idle = drill.cluster.members.map((_, index) =>
      open.use(collect(etcd.watch(client(index), { key }))),
    )
    for (const each of idle) await each.created()
    await etcd.put(client(0), { key, value: 'before' })
    const sinceMs = performance.now()
    for (const part of parts) await part(context)
    await sleep(Math.max(0, idleMs - (performance.now() - sinceMs)))
    await etcd.put(client(1), { key, value: 'after' })
    await expectBoth(context, key, idle)
  }
}

async function expectBoth(
  { check }: TopicContext,
  key: string,
  idle: readonly ReturnType<TopicContext['collect']>[],
): Promise<void> {
  const both = ['put =before', 'put =after']
  await check.equal(
    'idle-watch-delivers-next-event',
    'a watch that was idle for ten seconds receives the next event, at every member',
    idle.map(() => both),
    async () => {
      for (const each of idle) await each.until('both puts', () => each.events().length >= 2)
      return idle.map((each) => each.events().map((event) => formatEvent(event, key)))
    },
  )
}
