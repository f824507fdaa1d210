import { done, etcd, notYet, timing } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

/** Enough to meet a renewal that a server loses once in twenty times. */
const renewed = 60

export async function renewals({ check, client, drill }: TopicContext): Promise<void> {
  const ttlS = Math.max(20, timing.leastLeaseS(drill.cluster.spec))
  const ids = await Promise.all(
    Array.from({ length: renewed }, async (_, index) => {
      return (await etcd.leaseGrant(client(index), { ttlS })).id
    }),
  )
  const left = () =>
    Promise.all(
      ids.map(async (id, index) => (await etcd.leaseTimeToLive(client(index + 1), id)).ttlS),
    )
  await check.becomes('lease-time-runs-down', 'a lease’s time to live runs down', async () => {
    const most = Math.max(...(await left()))
    return most < ttlS - 1 ? done(most) : notYet(`${most} s`)
  })
  const renewedMs = performance.now()
  await check.equal(
    'renewal-returns-whole-time',
    'a renewal through any member returns the whole time to live',
    ids.map(() => ttlS),
    () =>
      Promise.all(
        ids.map(async (id, index) => (await etcd.leaseKeepAliveOnce(client(index + 2), id)).ttlS),
      ),
  )
  await check.holds(
    'renewal-restores-time',
    'a renewed lease has its whole time to live again',
    async () => {
      const least = Math.min(...(await left()))
      const passedS = (performance.now() - renewedMs) / 1_000
      const found = `${least} of ${ttlS} s left, ${passedS.toFixed(1)} s after it was renewed`
      return { held: least >= ttlS - 1 - passedS, found }
    },
  )
  await Promise.all(ids.map((id, index) => etcd.leaseRevoke(client(index), id)))
}
