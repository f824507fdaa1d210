import {
  type Drill,
  etcd,
  faults,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { connectTo } from '../shared/connect.ts'
import { othersWithinOneElection } from '../shared/objectives.ts'
import { faultMs, writeDuringPause } from './expectations.ts'

const key = 'stale'
/** Reads that wait at the paused leader: it may answer some before it asks its peers. */
const readCount = 20
/** A leader that asks its peers and receives no answer leaves a read unanswered for longer. */
const patienceMs = 6_000

export const resumedIsolated: Scenario = {
  id: 'quorum-loss/leader-resumed-isolated',
  formerIds: ['quorum-loss/leader-woken-cut-off'],
  title: 'A leader resumed while isolated serves no stale read',
  depth: 'ci',
  minMembers: 3,
  opensClients: true,
  workload: workloads.steady,
  faults: [faults.pause, faults.isolate],
  objectives: othersWithinOneElection,
  act: resumeIsolated,
}

/**
 * A resumed leader believes that it leads until it receives a message from the others. While it is
 * isolated it receives none, so a leader that does not ask a quorum serves its own stale data.
 */
async function resumeIsolated(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const follower = await oneFollower(drill)
  const client = await connectBefore(drill, leader)
  await using closing = new AsyncDisposableStack()
  closing.defer(client.close)
  const pause = await drill.inject(faults.pause, [leader])
  const cut = await drill.inject(faults.isolate, [leader])
  await drill.untilServing()
  const written = await writeDuringPause(drill, follower, key)
  const answers = readAll(client)
  await pause.undo()
  const unanswered = answers.unanswered()
  drill.measure('readsWaiting', unanswered)
  if (unanswered === 0) drill.markInconclusive('no read was pending when the old leader resumed')
  const revisions = await answers.all
  const stale = revisions.filter((revision) => revision !== undefined && revision < written)
  drill.expect(
    'replaced-leader-serves-no-stale-read',
    'a replaced leader serves no stale linearizable read',
    stale.length === 0,
    `${stale.length} of ${readCount} reads as of revision ${stale[0]}, after ${written}`,
  )
  await drill.hold(faultMs(drill))
  await cut.undo()
}

/** Connects while the leader can still complete a TLS handshake. */
async function connectBefore({ cluster }: Drill, leader: Member) {
  const client = connectTo(leader, { credentials: cluster.credentials, timeoutMs: patienceMs })
  await etcd.range(client, { key })
  return client
}

function readAll(client: etcd.MemberClient) {
  let settled = 0
  const answers = Array.from({ length: readCount }, () =>
    readRevision(client).finally(() => {
      settled++
    }),
  )
  return { all: Promise.all(answers), unanswered: () => readCount - settled }
}

/** The revision of the answer; undefined without one. */
async function readRevision(client: etcd.MemberClient): Promise<number | undefined> {
  return etcd.range(client, { key }, { timeoutMs: patienceMs }).then(
    ({ revision }) => revision,
    (thrown: unknown) => {
      if (thrown instanceof etcd.RequestError) return undefined
      throw thrown
    },
  )
}
