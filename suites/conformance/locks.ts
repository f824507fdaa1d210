import { done, etcd, notYet } from '../../harness/index.ts'
import { contended } from './locks-contended.ts'
import { catchUp, conformance, type TopicContext } from './topic.ts'

export const locks = conformance({
  name: 'locks-elections',
  title: 'A lock has one holder, an election one leader, and who waits is next',
  parts: [lock, lostLock, contended, election],
})

const timeoutMs = 15_000

async function lock({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}lock`
  const [first, second] = [await lease(client(0)), await lease(client(1))]
  const key = await etcd.lock(client(0), { name, lease: first })
  await check.equal('a lock is a key under its name, of the holder’s lease', first, async () => {
    const { kvs } = await etcd.range(client(1), { key })
    return key.startsWith(`${name}/`) ? kvs[0]?.lease : key
  })
  await check.equal('who has it gets it again at once', key, () =>
    etcd.lock(client(2), { name, lease: first }),
  )
  const waiting = settled(etcd.lock(client(1), { name, lease: second }, { timeoutMs }))
  await check.becomes('another queues behind', async () => {
    const { count } = await etcd.range(client(0), { key: `${name}/`, end: `${name}0` })
    return count === 2 ? done(count) : notYet(`${count} keys`)
  })
  await check.equal('and waits while it is held', none, () => answerBy(waiting, client(1)))
  await etcd.unlock(client(0), key)
  await check.holds('to give it back lets the next one in', async () => {
    const next = await waiting.answer
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
  await check.becomes('another queues behind the holder', async () => {
    const { count } = await etcd.range(client(0), { key: `${name}/`, end: `${name}0` })
    return count === 2 ? done(count) : notYet(`${count} keys`)
  })
  await check.equal('and waits while the holder’s lease lives', none, () =>
    answerBy(waiting, client(1)),
  )
  await etcd.leaseRevoke(client(2), first)
  await check.holds('a holder whose lease is gone holds it no more', async () => {
    const next = await waiting.answer
    return { held: next.startsWith(`${name}/`), found: next }
  })
  await etcd.leaseRevoke(client(0), second)
}

async function election({ check, client, prefix }: TopicContext): Promise<void> {
  const name = `${prefix}election`
  const [first, second] = [await lease(client(0)), await lease(client(1))]
  await check.refused('without a candidate there is no leader', 'election: no leader', () =>
    etcd.electedLeader(client(0), name),
  )
  const leading = await etcd.campaign(client(0), { name, lease: first, value: 'one' })
  const leader = async (index: number) => (await etcd.electedLeader(client(index), name)).value
  await check.equal('the first candidate is elected, everywhere', ['one', 'one', 'one'], () =>
    Promise.all([0, 1, 2].map(leader)),
  )
  const seen: string[] = []
  const observing = observe(client(2), name, seen)
  const request = { name, lease: second, value: 'two' }
  const waiting = settled(etcd.campaign(client(1), request, { timeoutMs }))
  await etcd.proclaim(client(0), leading, 'one, still')
  await check.equal('a leader may say something else', 'one, still', () => leader(1))
  await check.equal('while it leads nobody else does', none, () => answerBy(waiting, client(1)))
  await check.becomes('who observes is told', () => {
    return seen.at(-1) === 'one, still' ? done(seen) : notYet(seen.join())
  })
  await etcd.resign(client(0), leading)
  await check.equal('when it resigns the next one leads', 'two', async () => {
    await waiting.answer
    return leader(0)
  })
  await check.becomes('and who observes is told', () => {
    return seen.at(-1) === 'two' ? done(seen) : notYet(seen.join())
  })
  await check.holds('who resigned proclaims nothing any more', async () => {
    const said = await etcd.proclaim(client(0), leading, 'one, again').then(
      () => 'an acknowledgement',
      (thrown: Error) => thrown.message,
    )
    const held = /session expired|election: /.test(said) && (await leader(2)) === 'two'
    return { held, found: said }
  })
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
  // What it breaks with shows in what was seen.
  reading().catch((thrown: Error) => seen.push(thrown.message))
  return observing
}

const none = 'no answer'

/** Asks the same member for something else first: what it had granted by then has come back. */
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

/** A request under way, and whether it has been answered, however. */
function settled<T>(request: Promise<T>) {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  request.then(settle, settle)
  return { answer: request, isSettled: () => isSettled }
}
