import { type Drill, etcd, type Member, messageOf, poll, timing } from '../../harness/index.ts'

/** As short as the timers of the cluster allow. */
export const shortLeaseS = ({ cluster }: Drill) => Math.max(5, timing.leastLeaseS(cluster.spec))
/** Expires by no clock before the end. */
const longTtlS = 600
const keepAliveEveryMs = 500
const longestMs = 300_000
const patientWorkload = { timeoutMs: 10_000 }

const keys = { short: 'leased/short', long: 'leased/long' }

export interface KeptLeases extends AsyncDisposable {
  /** Both leases exist, each with its key. */
  expectAlive(): Promise<void>
}

/** Grants two leases with a key each and renews them through one member until disposal. */
export async function keepLeases(drill: Drill, through: Member): Promise<KeptLeases> {
  const client = drill.client(through)
  const short = await leaseOn(client, keys.short, shortLeaseS(drill))
  const long = await leaseOn(client, keys.long, longTtlS)
  const keeping = keepAlive(client, [short, long])
  const isThere = async (key: string) =>
    (await etcd.range(client, { key, countOnly: true }, patientWorkload)).count === 1
  return {
    expectAlive: async () => {
      drill.measure('leaseRenewals', keeping.renewals())
      drill.expect(
        'long-lease-outlives-pause',
        'a lease longer than the pause, kept alive, outlives it with its key',
        await isThere(keys.long),
        'no key',
      )
      drill.expect(
        'short-lease-outlives-pause',
        'a lease shorter than the pause, kept alive, outlives it with its key',
        await isThere(keys.short),
        'no key',
      )
    },
    [Symbol.asyncDispose]: keeping.end,
  }
}

async function leaseOn(client: etcd.MemberClient, key: string, ttlS: number): Promise<string> {
  const { id } = await etcd.leaseGrant(client, { ttlS }, patientWorkload)
  await etcd.put(client, { key, value: 'v', lease: id }, patientWorkload)
  return id
}

/** A renewal may fail while there is no leader; the next one counts. */
function keepAlive(client: etcd.MemberClient, ids: readonly string[]) {
  const ending = new AbortController()
  let renewals = 0
  const renewAll = async () => {
    const renewed = await Promise.all(ids.map((id) => etcd.leaseKeepAliveOnce(client, id)))
    if (renewed.every(({ ttlS }) => ttlS > 0)) renewals++
    return { done: false, last: renewed.map(({ ttlS }) => `${ttlS} s left`).join(', ') } as const
  }
  const keeping = poll(renewAll, {
    what: 'the end of the drill',
    deadlineMs: longestMs,
    intervalMs: keepAliveEveryMs,
    signal: ending.signal,
  }).catch(messageOf)
  return {
    renewals: () => renewals,
    end: async () => {
      ending.abort()
      await keeping
    },
  }
}
