import * as etcd from '../../client/index.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { median } from '../../core/median.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { Fault, Undo } from '../fault.ts'

/** Undone at the end of the test, whatever happens in it. */
export async function inForce(
  fault: Fault,
  cluster: Cluster,
  ...targets: readonly Member[]
): Promise<AsyncDisposable & { readonly undo: Undo }> {
  const undo = await fault.inject(
    cluster,
    targets.map(({ name }) => name),
  )
  return { undo, [Symbol.asyncDispose]: () => undo() }
}

/** What every undo must stand: twice in turn, twice at once. The cluster is well afterwards. */
export async function undoTwice(undo: Undo, cluster: Cluster): Promise<void> {
  await Promise.all([undo(), undo()])
  await undo()
  await cluster.untilHealthy()
}

export function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`Expected item ${index} of ${items.length}, got none`)
  return item
}

/** A client for the length of a test. */
export function clientOf({ credentials }: Cluster, member: Member, timeoutMs = 5_000) {
  const options = { member: member.name, endpoint: member.clientEndpoint, credentials, timeoutMs }
  const client = etcd.connectMember(options)
  return Object.assign(client, { [Symbol.dispose]: () => client.close() })
}

export async function put(cluster: Cluster, member: Member, key: string, value: string) {
  using client = clientOf(cluster, member)
  await etcd.put(client, { key, value })
}

/** The median of some puts through the member, one after another. */
export async function putMs(cluster: Cluster, member: Member, count = 9): Promise<number> {
  using client = clientOf(cluster, member)
  await etcd.put(client, { key: 'warm', value: 'up' })
  const tookMs: number[] = []
  for (let sent = 0; sent < count; sent++) {
    const startedMs = performance.now()
    await etcd.put(client, { key: 'timed', value: String(sent) })
    tookMs.push(performance.now() - startedMs)
  }
  return median(tookMs)
}

/** Waits for the next lines of its log to hold it; what it wrote before does not count. */
export async function nextLog(member: Member) {
  const { length } = await member.logs()
  return (pattern: RegExp, deadlineMs = 30_000): Promise<string> =>
    poll(
      async () => {
        const found = pattern.exec((await member.logs()).slice(length))
        return found === null ? notYet('not in its log') : done(found[0])
      },
      { what: `${member.name} to log ${pattern}`, deadlineMs, intervalMs: 100 },
    )
}

export function untilGone(member: Member, deadlineMs = 30_000): Promise<void> {
  return poll(async () => ((await member.isRunning()) ? notYet('it runs') : done(undefined)), {
    what: `${member.name} to exit`,
    deadlineMs,
    intervalMs: 50,
  })
}
