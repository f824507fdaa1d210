import {
  DeadlineError,
  type Drill,
  done,
  etcd,
  faults,
  type Member,
  notYet,
  poll,
  timing,
} from '../../harness/index.ts'
import { stopClients } from '../shared/stop-clients.ts'
import { type KnownBug, withoutClients } from './known-bug.ts'

/**
 * https://github.com/etcd-io/etcd/issues/15247: a leader that is stuck on a disk write is
 * replaced without noticing, and revokes leases that it did not see renewed. When the disk answers
 * again, these requests reach the new leader and revoke leases that clients renewed throughout.
 *
 * Here: one large write stalls a leader with a slow disk for several times the lease's time to live.
 * A survivor renews the lease throughout.
 */
export const issue15247: KnownBug = {
  name: 'issue-15247',
  issue: 'etcd-io/etcd#15247',
  summary: 'a leader that was stuck on its disk revokes leases that clients renewed elsewhere',
  fixedIn: ['3.4.31', '3.5.13'],
  shownOn: ['3.4.23', '3.3.25'],
  cleanOn: ['3.5.30', '3.5.16'],
  isLeftOutOfCi: true,
  symptom: { expectations: ['renewed-lease-lives'] },
  scenario: {
    minMembers: 3,
    ...withoutClients,
    title: 'A renewed lease outlives a leader that is stuck on its disk',
    faults: [faults.slowDisk({ writeBytesPerS: 65_536 })],
    act: async (drill) => {
      const { cluster } = drill
      const [slow, ...others] = cluster.members as [Member, ...Member[]]
      const [survivor] = others as [Member]
      await stopClients(drill)
      await drill.inject(faults.slowDisk({ writeBytesPerS: 65_536 }), [slow])
      await cluster.untilHealthy()
      await makeLeader(drill, slow)
      const client = drill.client(survivor)
      const { id } = await etcd.leaseGrant(client, { ttlS: leaseS(drill) }, { timeoutMs: 10_000 })
      const large = { key: 'large', value: 'x'.repeat(stallBytes) }
      const stalled = etcd.put(drill.client(slow), large, { timeoutMs: 60_000 }).catch(() => {})
      const gone = await keepAlive(drill, { survivor, slow, id })
      await stalled
      drill.expect('renewed-lease-lives', 'a lease that is kept alive lives', !gone, 'no lease')
    },
  },
}

const leaseS = ({ cluster }: Drill) => Math.max(5, timing.leastLeaseS(cluster.spec))
const stallBytes = 700_000
/** The lease's time to live, and the longest that a request takes. */
const leastStallMs = (drill: Drill) => 1_000 * leaseS(drill) + 1_500
const tooShort =
  'Expected a stall that outlasts the lease, got a shorter one: this disk is too fast'
const renewalMs = 300
const stallDeadlineMs = 120_000
const revokedMs = 3_000

async function makeLeader({ cluster, client, mark }: Drill, wanted: Member): Promise<void> {
  const { memberId } = await etcd.status(client(wanted))
  await poll(
    async () => {
      const leader = await cluster.leader()
      if (leader === wanted) return done(undefined)
      await etcd.moveLeader(client(leader), memberId, { timeoutMs: 10_000 })
      return notYet(`${leader.name} leads`)
    },
    { what: `${wanted.name} to lead`, deadlineMs: 30_000 },
  )
  mark('note', `${wanted.name} leads`, wanted)
}

/**
 * Renews the lease until the slow member knows the new term, and for long enough after that to see
 * the requests that it sent before. Resolves to whether the lease was gone meanwhile.
 */
async function keepAlive(drill: Drill, parts: Parts): Promise<boolean> {
  const { survivor, slow, id } = parts
  const stalledTerm = (await etcd.status(drill.client(slow))).term
  const isOver = async () => (await etcd.status(drill.client(slow))).term > stalledTerm
  const startNs = drill.nowNs()
  let over: number | undefined
  while (over === undefined || drill.nowNs() < over + revokedMs * 1e6) {
    const { ttlS } = await renew(drill, survivor, id)
    if (ttlS === 0) return true
    if (over === undefined && (await isOver().catch(() => false))) {
      drill.mark('note', `${slow.name} knows that it does not lead any more`, slow)
      over = drill.nowNs()
      if (over - startNs < leastStallMs(drill) * 1e6) throw new DeadlineError(tooShort)
    }
    if (drill.nowNs() - startNs > stallDeadlineMs * 1e6) {
      throw new DeadlineError(`Expected ${slow.name} to know another term, got ${stalledTerm}`)
    }
    await drill.hold(renewalMs)
  }
  return false
}

interface Parts {
  readonly survivor: Member
  readonly slow: Member
  readonly id: string
}

/** Without a leader there is no answer, which says nothing about the lease. */
function renew({ client }: Drill, member: Member, id: string): Promise<{ ttlS: number }> {
  const unanswered = { ttlS: Number.NaN }
  return etcd.leaseKeepAliveOnce(client(member), id, { timeoutMs: 1_000 }).catch(() => unanswered)
}
