import { type Drill, done, notYet, type Scenario, workloads } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { withinOneElection } from '../shared/objectives.ts'
import {
  credentialsOf,
  logPositions,
  needsMutualTls,
  refusalOf,
  untilNewConnectionServes,
  untilReason,
} from './expectations.ts'

/** Long enough for every client to connect with it, on a busy machine too. */
const lifetimeMs = 15_000

/**
 * etcd-io/etcd#15740: every certificate of a cluster expires at once. Connections go on, whoever must
 * connect is refused, and new certificates are enough: no member restarts for them.
 */
export const expiry: Scenario = {
  id: 'certificates/expiry',
  title: 'Connections outlive their certificates, and renewal alone brings service back',
  depth: 'full',
  minMembers: 3,
  notApplicable: needsMutualTls,
  workload: workloads.steady,
  faults: [],
  objectives: withinOneElection,
  act: expireAll,
}

async function expireAll(drill: Drill): Promise<void> {
  const { members, certificates } = drill.cluster
  const notAfter = new Date(Date.now() + lifetimeMs)
  for (const member of members) await member.renewCertificates({ notAfter })
  await certificates.renewClient({ notAfter })
  await drill.untilServing()
  const expired = drill.window('certificates-expired', 'changes', members)
  await untilPast(drill, notAfter)
  drill.mark('note', 'every certificate has expired')
  await drill.inTime(
    'connections-outlive-certificates',
    'running connections to be served past the end of their certificates',
    () => drill.untilServing(),
  )
  await expectExpiredRefused(drill)
  const follower = await oneFollower(drill)
  const positions = await logPositions(members)
  await follower.stop()
  await follower.start()
  await untilReason(drill, positions, /certificate has expired/)
  drill.mark('note', `${follower.name} restarted and does not join`, follower)
  for (const member of members) await member.renewCertificates()
  await certificates.renewClient()
  for (const member of members) await untilNewConnectionServes(drill, member)
  await expired.undo()
}

/** Both sides look at the other's certificate: each refusal is proved without the other's help. */
async function expectExpiredRefused(drill: Drill): Promise<void> {
  const member = await drill.cluster.leader()
  const refusal = await refusalOf(drill, member, credentialsOf(drill))
  drill.expect(
    'expired-certificate-refused',
    'a new connection is refused for the expired certificate',
    refusal !== undefined && /expired/i.test(refusal),
    refusal ?? 'an answer',
  )
  if (refusal !== undefined) drill.mark('note', `a new client reports: ${refusal}`, member)
}

/** Until the time is over; a second more, because certificates have whole seconds. */
async function untilPast(drill: Drill, time: Date): Promise<void> {
  const untilMs = time.getTime() + 1_000
  await drill.becomes(
    'certificates-expire',
    'the certificates to expire',
    () => (Date.now() > untilMs ? done(undefined) : notYet('not yet')),
    { deadlineMs: 2 * lifetimeMs },
  )
}
