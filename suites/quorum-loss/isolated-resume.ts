import {
  type Drill,
  etcd,
  faults,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { faultMs, present, withinOneElection, writeMeanwhile } from './expectations.ts'

const key = 'stale'
/** How many questions wait at the frozen leader: it may answer some before it looks around. */
const waiting = 20
/** A leader that asks its peers, and hears none, leaves a read unanswered for longer. */
const patienceMs = 6_000

export const resumedIsolated: Scenario = {
  id: 'quorum-loss/leader-resumed-isolated',
  formerIds: ['quorum-loss/leader-woken-cut-off'],
  title: 'A leader resumed while isolated serves no stale read',
  depth: 'ci',
  workload: workloads.steady,
  faults: [faults.pause, faults.isolate],
  objectives: withinOneElection,
  act: wakeCutOff,
}

/**
 * Between its waking and the first word from the others a leader believes that it leads. Alone, it
 * has all the time there is to answer from its own data, if it does not ask.
 */
async function wakeCutOff(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const [follower] = await drill.cluster.followers()
  const client = await connectBefore(drill, leader)
  await using closing = new AsyncDisposableStack()
  closing.defer(client.close)
  const pause = await drill.inject(faults.pause, [leader])
  const cut = await drill.inject(faults.isolate, [leader])
  await drill.untilServing()
  const written = await writeMeanwhile(drill, present(follower), key)
  const answers = askAll(client)
  await pause.undo()
  const unanswered = answers.unanswered()
  drill.measure('readsWaiting', unanswered)
  if (unanswered === 0) drill.markInconclusive('no read waited any more when the old leader woke')
  const told = await answers.all
  const stale = told.filter((revision) => revision !== undefined && revision < written)
  drill.expect(
    'replaced-leader-serves-no-stale-read',
    'a replaced leader serves no stale linearizable read',
    stale.length === 0,
    `${stale.length} of ${waiting} reads as of revision ${stale[0]}, after ${written}`,
  )
  await drill.hold(faultMs)
  await cut.undo()
}

/** A connection of its own, made while the leader can still shake hands. */
async function connectBefore({ cluster }: Drill, leader: Member) {
  const client = etcd.connectMember({
    member: leader.name,
    endpoint: leader.clientEndpoint,
    credentials: cluster.credentials,
    timeoutMs: patienceMs,
  })
  await etcd.range(client, { key })
  return client
}

function askAll(client: etcd.MemberClient) {
  let settled = 0
  const answers = Array.from({ length: waiting }, () =>
    answerOf(client).finally(() => {
      settled++
    }),
  )
  return { all: Promise.all(answers), unanswered: () => waiting - settled }
}

/** The revision of the answer; undefined where there is none. */
async function answerOf(client: etcd.MemberClient): Promise<number | undefined> {
  return etcd.range(client, { key }, { timeoutMs: patienceMs }).then(
    ({ revision }) => revision,
    (thrown: unknown) => {
      if (thrown instanceof etcd.RequestError) return undefined
      throw thrown
    },
  )
}
