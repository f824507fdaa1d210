import {
  type ClusterSpec,
  type etcd,
  faults,
  inVariants,
  type Scenario,
  withoutTls,
} from '../../harness/index.ts'
import { failsOver, open, requestsTo } from './fail-over.ts'
import { conformance, type TopicContext } from './topic.ts'

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
      title: 'An application on etcd3 and its watch continue when their member is killed',
      parts: [balanced, locked, elected, (bench) => failsOver(bench, ({ watched }) => [watched])],
    }),
    [withoutTls],
  ),
  conformance({
    ...onEtcd3,
    name: 'application-every-member',
    title: 'An application on etcd3 and its watch continue when every member is killed in turn',
    depth: 'full',
    parts: [(bench) => failsOver(bench, ({ members }) => members)],
  }),
]

/** By a request that nothing else here sends. With 90 the chance of missing one is below 1e-15. */
async function balanced(bench: TopicContext): Promise<void> {
  using stack = new DisposableStack()
  const app = stack.adopt(open(bench), (opened) => opened.close())
  const before = await requestsTo(bench, 'LeaseLeases')
  for (let index = 0; index < 90; index++) await app.leaseClient.leaseLeases()
  const after = await requestsTo(bench, 'LeaseLeases')
  await bench.check.holds(
    'requests-go-to-every-member',
    'requests of the etcd3 package go to every member',
    () => {
      const each = after.map((count, index) => count - (before[index] ?? 0))
      return { held: each.every((count) => count > 0), found: each }
    },
  )
}

async function locked(bench: TopicContext): Promise<void> {
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
  await bench.check.equal(
    'lock-excludes-others',
    'a lock that one client holds is not granted to another',
    'EtcdLockFailedError',
    taken,
  )
  await lock.release()
  await bench.check.equal(
    'released-lock-is-granted',
    'a released lock is granted to the next client',
    'taken',
    taken,
  )
}

async function elected(bench: TopicContext): Promise<void> {
  using stack = new DisposableStack()
  const [one, two] = [open(bench), open(bench)]
  for (const app of [one, two]) stack.defer(() => app.close())
  const election = (app: Application) => app.namespace(bench.prefix).election('duty', 10)
  const first = election(one).campaign('one')
  await first.wait()
  const second = election(two).campaign('two')
  await second.getCampaignKey()
  await bench.check.equal('first-candidate-leads', 'the first of two candidates leads', 'one', () =>
    election(two).leader(),
  )
  const next = second.wait()
  await first.resign()
  await bench.check.equal(
    'resignation-elects-next',
    'the second candidate leads when the first resigns',
    'two',
    async () => {
      await next
      return election(one).leader()
    },
  )
  await second.resign()
}
