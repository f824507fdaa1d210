import {
  type ClusterSpec,
  done,
  etcd,
  faults,
  inVariants,
  type Member,
  messageOf,
  notYet,
  plain,
  type Scenario,
} from '../../harness/index.ts'
import { metricsOf } from './endpoints.ts'
import { type Bench, conformance } from './topic.ts'

type Application = ReturnType<typeof etcd.openApplicationClient>

/** What an application built on the `etcd3` package sees, with its retries and its failover. */
const onEtcd3 = {
  notApplicable: ({ members }: ClusterSpec) =>
    members.length < 3 ? 'fewer than three members do not go on without one' : undefined,
  faults: [faults.kill],
}

export const application: readonly Scenario[] = [
  ...inVariants(
    conformance({
      ...onEtcd3,
      name: 'application',
      title:
        'An application on etcd3 and its watch go on when the member is killed that they are on',
      parts: [balanced, locked, elected, (bench) => failsOver(bench, ({ watched }) => [watched])],
    }),
    [plain],
  ),
  conformance({
    ...onEtcd3,
    name: 'application-every-member',
    title: 'An application on etcd3 and its watch go on when every member is killed in turn',
    depth: 'full',
    parts: [(bench) => failsOver(bench, ({ members }) => members)],
  }),
]

function open({ drill }: Bench): Application {
  const { members, credentials } = drill.cluster
  return etcd.openApplicationClient({
    endpoints: members.map(({ clientEndpoint }) => clientEndpoint),
    credentials,
    attempts: 'application',
    timeoutMs: 2_000,
  })
}

/** By a request that nothing else here sends. With 90 the chance of missing one is below 1e-15. */
async function balanced(bench: Bench): Promise<void> {
  using stack = new DisposableStack()
  const app = stack.adopt(open(bench), (opened) => opened.close())
  const before = await requestsTo(bench, 'LeaseLeases')
  for (let index = 0; index < 90; index++) await app.leaseClient.leaseLeases()
  const after = await requestsTo(bench, 'LeaseLeases')
  await bench.check.holds('its requests go to every member', () => {
    const each = after.map((count, index) => count - (before[index] ?? 0))
    return { held: each.every((count) => count > 0), found: each }
  })
}

/** How many requests of that method each member has begun to answer. */
function requestsTo(bench: Bench, method: string): Promise<number[]> {
  const counts = bench.drill.cluster.members.map(async (_, index) => {
    const metrics = await metricsOf(bench, index)
    return metrics.sum('grpc_server_started_total', `grpc_method="${method}"`) ?? 0
  })
  return Promise.all(counts)
}

async function locked(bench: Bench): Promise<void> {
  using stack = new DisposableStack()
  const [one, two] = [open(bench), open(bench)]
  for (const app of [one, two]) stack.defer(() => app.close())
  const key = `${bench.prefix}lock`
  const lock = await one.lock(key).ttl(10).acquire()
  const taken = () =>
    two
      .lock(key)
      .ttl(10)
      .acquire()
      .then(
        async (second) => {
          await second.release()
          return 'taken'
        },
        (thrown: Error) => thrown.constructor.name,
      )
  await bench.check.equal('a lock that one has is not had by another', 'EtcdLockFailedError', taken)
  await lock.release()
  await bench.check.equal('and is when it was given back', 'taken', taken)
}

async function elected(bench: Bench): Promise<void> {
  using stack = new DisposableStack()
  const [one, two] = [open(bench), open(bench)]
  for (const app of [one, two]) stack.defer(() => app.close())
  const election = (app: Application) => app.namespace(bench.prefix).election('duty', 10)
  const first = election(one).campaign('one')
  await first.wait()
  const second = election(two).campaign('two')
  await second.getCampaignKey()
  await bench.check.equal('of two candidates the first leads', 'one', () => election(two).leader())
  const next = second.wait()
  await first.resign()
  await bench.check.equal('and when it resigns the second', 'two', async () => {
    await next
    return election(one).leader()
  })
  await second.resign()
}

interface Choice {
  /** The one that the application's watch is on. */
  readonly watched: Member
  readonly members: readonly Member[]
}

/** Kills members, one after the other, while the application writes and watches. */
async function failsOver(bench: Bench, choose: (choice: Choice) => readonly Member[]) {
  const { check, drill, prefix, client } = bench
  using stack = new DisposableStack()
  const app = stack.adopt(open(bench), (opened) => opened.close())
  const within = app.namespace(`${prefix}failover/`)
  const seen: { key: string; revision: number }[] = []
  const before = await requestsTo(bench, 'Watch')
  const watcher = await within.watch().prefix('w').create()
  const after = await requestsTo(bench, 'Watch')
  const { members } = drill.cluster
  const watched = members[after.findIndex((count, index) => count > (before[index] ?? 0))]
  if (watched === undefined) throw new Error('Expected the watch to be on a member, got none')
  watcher.on('put', ({ key, mod_revision }) => {
    seen.push({ key: key.toString(), revision: Number(mod_revision) })
  })
  const lease = within.lease(5)
  await lease.put('session').value('alive')
  const acknowledged: string[] = []
  for (const member of choose({ watched, members })) {
    const killed = await drill.inject(faults.kill, [member])
    await check.becomes(
      `${member.name} killed, the application’s writes go on`,
      () => writeTen(within, member, acknowledged),
      20_000,
    )
    await killed.undo()
    await drill.cluster.untilHealthy()
    await check.becomes(`its watch has told all it wrote without ${member.name}`, () => {
      const missing = acknowledged.filter((key) => !seen.some((event) => event.key === key))
      return missing.length === 0 ? done(seen.length) : notYet(`missing ${missing.join()}`)
    })
  }
  await check.holds('what it wrote came in the order of revisions, nothing twice', () => {
    const revisions = seen.map(({ revision }) => revision)
    const rises = revisions.every((one, index) => one > (revisions[index - 1] ?? 0))
    return { held: rises && seen.length >= acknowledged.length, found: seen }
  })
  await check.equal('its lease was kept alive throughout', 1, async () => {
    return (await etcd.range(client(0), { key: `${prefix}failover/session` })).count
  })
  await lease.revoke()
  await watcher.cancel()
}

/** Ten writes in a row that are all acknowledged; an error is what applications get now and then. */
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
