import { done, etcd, notYet, workloads } from '../../../harness/index.ts'
import { answerWithin } from '../answer-within.ts'
import { catchUp, conformance, lightWorkload, repeat, type TopicContext } from '../topic.ts'
import { contention } from './contention.ts'
import { admittedMs, timeoutMs } from './timing.ts'

export const locks = conformance({
  name: 'locks-elections',
  title: 'A lock has one holder, an election has one leader, and the next in line follows',
  // Clients that take locks by transactions: the `lock` checker judges them.
  workload: {
    ...lightWorkload,
    programs: [...workloads.mixedPrograms, { name: 'locks', ratePerS: 30, clients: 3 }],
  },
  parts: [repeat(lock), repeat(lostLock), contention, repeat(election)],
})

async function lock({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}lock`
  const [first, second] = [await lease(client(0)), await lease(client(1))]
  const granted = etcd.lock(client(0), { name, lease: first }, { timeoutMs })
  const key = await answerWithin(admittedMs, 'a free lock to be granted', granted)
  await check.equal(
    'lock-is-key-of-lease',
    'a lock is a key under its name with the holder’s lease',
    first,
    async () => {
      const { kvs } = await etcd.range(client(1), { key })
      return key.startsWith(`${name}/`) ? kvs[0]?.lease : key
    },
  )
  await check.equal('holder-locks-again', 'the holder of a lock gets it again at once', key, () =>
    etcd.lock(client(2), { name, lease: first }),
  )
  const waiting = settled(etcd.lock(client(1), { name, lease: second }, { timeoutMs }))
  await check.becomes('contender-queues', 'another contender queues', async () => {
    const { count } = await etcd.range(client(0), { key: `${name}/`, end: `${name}0` })
    return count === 2 ? done(count) : notYet(`${count} keys`)
  })
  await check.equal('contender-waits', 'the contender waits while the lock is held', none, () =>
    answerBy(waiting, client(1)),
  )
  await etcd.unlock(client(0), key)
  await check.holds('unlock-admits-next', 'an unlock admits the next contender', async () => {
    const next = await answerWithin(admittedMs, 'the lock to be granted', waiting.answer)
    return { held: next !== key && next.startsWith(`${name}/`), found: next }
  })
  await etcd.leaseRevoke(client(0), first)
  await etcd.leaseRevoke(client(0), second)
}

async function lostLock({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}lost`
  const [first, second] = [await lease(client(0)), await lease(client(1))]
  await etcd.lock(client(0), { name, lease: first })
  const waiting = settled(etcd.lock(client(1), { name, lease: second }, { timeoutMs }))
  await check.becomes(
    'contender-queues-behind-lease',
    'another contender queues behind the holder',
    async () => {
      const { count } = await etcd.range(client(0), { key: `${name}/`, end: `${name}0` })
      return count === 2 ? done(count) : notYet(`${count} keys`)
    },
  )
  await check.equal(
    'contender-waits-for-lease',
    'the contender waits while the holder’s lease lives',
    none,
    () => answerBy(waiting, client(1)),
  )
  await etcd.leaseRevoke(client(2), first)
  await check.holds(
    'lost-lease-loses-lock',
    'a holder whose lease is gone loses the lock',
    async () => {
      const next = await answerWithin(admittedMs, 'the lock to be granted', waiting.answer)
      return { held: next.startsWith(`${name}/`), found: next }
    },
  )
  await etcd.leaseRevoke(client(0), second)
}

async function election({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}election`
  const [first, second] = [await lease(client(0)), await lease(client(1))]
  await check.rejected(
    'no-candidate-no-leader',
    'an election without a candidate has no leader',
    'election: no leader',
    () => etcd.electedLeader(client(0), name),
  )
  const campaign = etcd.campaign(client(0), { name, lease: first, value: 'one' }, { timeoutMs })
  const leading = await answerWithin(admittedMs, 'the only candidate to lead', campaign)
  const leader = async (index: number) => (await etcd.electedLeader(client(index), name)).value
  await check.equal(
    'first-candidate-leads-everywhere',
    'every member names the first candidate as leader',
    ['one', 'one', 'one'],
    () => Promise.all([0, 1, 2].map(leader)),
  )
  const seen: string[] = []
  const observing = observe(client(2), name, seen)
  const request = { name, lease: second, value: 'two' }
  const waiting = settled(etcd.campaign(client(1), request, { timeoutMs }))
  await etcd.proclaim(client(0), leading, 'one, still')
  await check.equal('leader-proclaims', 'a leader proclaims another value', 'one, still', () =>
    leader(1),
  )
  await check.equal(
    'one-leader-at-a-time',
    'a second candidate waits while the first leads',
    none,
    () => answerBy(waiting, client(1)),
  )
  await check.becomes('observer-sees-proclamation', 'an observer receives the proclamation', () => {
    return seen.at(-1) === 'one, still' ? done(seen) : notYet(seen.join())
  })
  await etcd.resign(client(0), leading)
  await check.equal(
    'resignation-elects-next',
    'the next candidate leads when the leader resigns',
    'two',
    async () => {
      await answerWithin(admittedMs, 'the candidate to lead', waiting.answer)
      return leader(0)
    },
  )
  await check.becomes('observer-sees-next-leader', 'an observer receives the next leader', () => {
    return seen.at(-1) === 'two' ? done(seen) : notYet(seen.join())
  })
  await check.holds(
    'resigned-leader-cannot-proclaim',
    'a resigned leader cannot proclaim',
    async () => {
      const said = await etcd.proclaim(client(0), leading, 'one, again').then(
        () => 'an acknowledgement',
        (thrown: Error) => thrown.message,
      )
      const held = /session expired|election: /.test(said) && (await leader(2)) === 'two'
      return { held, found: said }
    },
  )
  await etcd.leaseRevoke(client(0), first)
  await etcd.leaseRevoke(client(0), second)
  observing.close()
}

const lease = async (client: etcd.MemberClient) => (await etcd.leaseGrant(client, { ttlS: 600 })).id

function observe(client: etcd.MemberClient, name: string, seen: string[]) {
  const observing = etcd.observeElection(client, name)
  const reading = async () => {
    for await (const { value } of observing) seen.push(value)
  }
  // The list of seen values shows the error.
  reading().catch((thrown: Error) => seen.push(thrown.message))
  return observing
}

const none = 'no answer'

/** Reads from the same member first: a lock that it granted before has been answered by then. */
async function answerBy(
  { isSettled, answer }: ReturnType<typeof settled>,
  client: etcd.MemberClient,
): Promise<string> {
  await catchUp(client)
  if (!isSettled()) return none
  const what = await answer.then(
    (granted) => JSON.stringify(granted),
    (thrown: Error) => thrown.message,
  )
  return `the answer ${what}`
}

/** A pending request, and whether it has been answered or rejected. */
function settled<T>(request: Promise<T>) {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  request.then(settle, settle)
  return { answer: request, isSettled: () => isSettled }
}
