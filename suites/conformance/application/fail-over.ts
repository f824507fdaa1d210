import { done, etcd, faults, type Member, messageOf, notYet } from '../../../harness/index.ts'
import { answerWithin } from '../answer-within.ts'
import { metricsOf } from '../http/metrics.ts'
import type { TopicContext } from '../topic.ts'

/** The application connects to another member once there is a leader. */
const reconnectMs = 5_000

type Application = ReturnType<typeof etcd.openApplicationClient>

export interface FailoverChoice {
  /** The member that serves the application's watch. */
  readonly watched: Member
  readonly members: readonly Member[]
}

/** Kills members one after the other while the application writes and watches. */
export async function failOver(
  context: TopicContext,
  choose: (choice: FailoverChoice) => readonly Member[],
) {
  const { check, drill, prefix, client } = context
  using stack = new DisposableStack()
  const app = stack.adopt(openApplication(context), (opened) => opened.close())
  const within = app.namespace(`${prefix}failover/`)
  const seen: { key: string; revision: number }[] = []
  const before = await countStartedRequests(context, 'Watch')
  const creation = within.watch().prefix('w').create()
  const watcher = await answerWithin(
    drill.deadlines.leaderMs + reconnectMs,
    'the application’s watch to be created',
    creation,
  )
  const after = await countStartedRequests(context, 'Watch')
  const { members } = drill.cluster
  const watched = members[after.findIndex((count, index) => count > (before[index] ?? 0))]
  if (watched === undefined) throw new RangeError('Expected the watch to be on a member, got none')
  watcher.on('put', ({ key, mod_revision }) => {
    seen.push({ key: key.toString(), revision: Number(mod_revision) })
  })
  const lease = within.lease(5)
  await lease.put('session').value('alive')
  const acknowledged: string[] = []
  for (const member of choose({ watched, members })) {
    const killed = await drill.inject(faults.kill, [member])
    await check.becomes(
      'writes-continue-after-kill',
      `the application’s writes continue after ${member.name} is killed`,
      () => writeTen(within, member, acknowledged),
      drill.deadlines.leaderMs + reconnectMs,
    )
    await killed.undo()
    await drill.cluster.untilHealthy()
    await check.becomes(
      'watch-delivers-across-kill',
      `the application’s watch delivers every write made without ${member.name}`,
      () => {
        const missing = acknowledged.filter((key) => !seen.some((event) => event.key === key))
        return missing.length === 0 ? done(seen.length) : notYet(`missing ${missing.join()}`)
      },
    )
  }
  await check.holds(
    'watch-in-order-once',
    'the application’s watch delivers its events in the order of revisions, each once',
    () => {
      const revisions = seen.map(({ revision }) => revision)
      const rises = revisions.every((one, index) => one > (revisions[index - 1] ?? 0))
      return { held: rises && seen.length >= acknowledged.length, found: seen }
    },
  )
  // This client may still be reconnecting to a killed member.
  await check.becomes(
    'lease-kept-alive-across-kill',
    'the application’s lease is kept alive throughout',
    async () => {
      const { count } = await etcd.range(client(0), { key: `${prefix}failover/session` })
      return count === 1 ? done(count) : notYet('its key is gone')
    },
  )
  await lease.revoke()
  await watcher.cancel()
}

/** Waits for ten acknowledged writes in a row; an application gets an error now and then. */
async function writeTen(
  within: ReturnType<Application['namespace']>,
  member: Member,
  into: string[],
) {
  for (let index = 0; index < 10; index++) {
    const key = `w-${member.name}-${into.length}`
    try {
      await within.put(key).value('v')
    } catch (thrown) {
      return notYet(messageOf(thrown))
    }
    into.push(key)
  }
  return done(into.length)
}

/** The package's client of all members, with its own retries. */
export function openApplication({ drill }: TopicContext): Application {
  const { members, credentials } = drill.cluster
  return etcd.openApplicationClient({
    endpoints: members.map(({ clientEndpoint }) => clientEndpoint),
    credentials,
    attempts: 'application',
    timeoutMs: 2_000,
  })
}

/** How many requests of that method each member has started. */
export function countStartedRequests(context: TopicContext, method: string): Promise<number[]> {
  const counts = context.drill.cluster.members.map(async (_, index) => {
    const metrics = await metricsOf(context, index)
    return metrics.sum('grpc_server_started_total', { grpc_method: method }) ?? 0
  })
  return Promise.all(counts)
}
