import {
  type ClusterSpec,
  type etcd,
  faults,
  inVariants,
  type Scenario,
  withoutTls,
} from '../../../harness/index.ts'
import { atMembers } from '../../shared/at-members.ts'
import { answerWithin } from '../answer-within.ts'
import { conformance, type TopicContext } from '../topic.ts'
import { countStartedRequests, failOver, openApplication } from './fail-over.ts'

type Application = ReturnType<typeof etcd.openApplicationClient>

/** What an application on the `etcd3` package observes, with the package's retries and failover. */
const onEtcd3 = {
  notApplicable: ({ members }: ClusterSpec) =>
    members.length < 3 ? 'fewer than three members do not go on without one' : undefined,
  faults: [faults.kill],
  opensClients: true as const,
  behindDoors: atMembers('the application connects to the members itself'),
}

export const application: readonly Scenario[] = [
  ...inVariants(
    conformance({
      ...onEtcd3,
      name: 'application',
      title: 'An application on etcd3 and its watch continue when their member is killed',
      parts: [
        loadBalancing,
        locking,
        elections,
        (context) => failOver(context, ({ watched }) => [watched]),
      ],
    }),
    [withoutTls],
  ),
  conformance({
    ...onEtcd3,
    name: 'application-every-member',
    title: 'An application on etcd3 and its watch continue when every member is killed in turn',
    depth: 'full',
    parts: [(context) => failOver(context, ({ members }) => members)],
  }),
]

/** The package retries and fails over meanwhile. */
const electedMs = 20_000

/** Counts a request that nothing else sends. 90 requests miss a member with a chance below 1e-15. */
async function loadBalancing(context: TopicContext): Promise<void> {
  using stack = new DisposableStack()
  const app = stack.adopt(openApplication(context), (opened) => opened.close())
  const before = await countStartedRequests(context, 'LeaseLeases')
  for (let index = 0; index < 90; index++) await app.leaseClient.leaseLeases()
  const after = await countStartedRequests(context, 'LeaseLeases')
  await context.check.holds(
    'requests-go-to-every-member',
    'requests of the etcd3 package go to every member',
    () => {
      const each = after.map((count, index) => count - (before[index] ?? 0))
      return { held: each.every((count) => count > 0), found: each }
    },
  )
}

async function locking(context: TopicContext): Promise<void> {
  using stack = new DisposableStack()
  const [one, two] = [openApplication(context), openApplication(context)]
  for (const app of [one, two]) stack.defer(() => app.close())
  const key = `${context.prefix}lock`
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
        (thrown: Error) => {
          if (thrown.constructor.name === 'EtcdLockFailedError') return 'not granted'
          throw thrown
        },
      )
  await context.check.equal(
    'lock-excludes-others',
    'a lock that one client holds is not granted to another',
    'not granted',
    taken,
  )
  await lock.release()
  await context.check.equal(
    'released-lock-is-granted',
    'a released lock is granted to the next client',
    'taken',
    taken,
  )
}

async function elections(context: TopicContext): Promise<void> {
  using stack = new DisposableStack()
  const [one, two] = [openApplication(context), openApplication(context)]
  for (const app of [one, two]) stack.defer(() => app.close())
  const election = (app: Application) => app.namespace(context.prefix).election('duty', 10)
  const first = election(one).campaign('one')
  await answerWithin(electedMs, 'the only candidate to lead', first.wait())
  const second = election(two).campaign('two')
  await answerWithin(electedMs, 'a second candidate to queue', second.getCampaignKey())
  await context.check.equal(
    'first-candidate-leads',
    'the first of two candidates leads',
    'one',
    () => election(two).leader(),
  )
  const next = second.wait()
  await first.resign()
  await context.check.equal(
    'resignation-elects-next',
    'the second candidate leads when the first resigns',
    'two',
    async () => {
      await answerWithin(electedMs, 'the next candidate to lead', next)
      return election(one).leader()
    },
  )
  await second.resign()
}
