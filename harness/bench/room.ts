import { EnvironmentError } from '../core/errors.ts'
import type { MeasuredCluster } from '../load/index.ts'

/** Of the quota. A full database raises an alarm at which etcd takes no writes from any client. */
const fullAt = 0.8
const everyMs = 1_000

/**
 * Reads how full the databases are each second, until it is disposed; the signal aborts with an
 * EnvironmentError when one is too full to go on. Throws it when one is so at first. A member that does
 * not say its quota is not watched.
 */
export async function watchRoom(
  cluster: Pick<MeasuredCluster, 'readMetrics'>,
): Promise<Disposable & { readonly signal: AbortSignal }> {
  await expectRoom(cluster)
  const full = new AbortController()
  let next: NodeJS.Timeout | undefined
  let isDisposed = false
  const look = async () => {
    try {
      await expectRoom(cluster)
    } catch (thrown) {
      // A page that cannot be read now says nothing: the measurement's own reading reports it.
      if (thrown instanceof FullError) full.abort(thrown)
    }
    if (!isDisposed && !full.signal.aborted) next = setTimeout(look, everyMs)
  }
  next = setTimeout(look, everyMs)
  return {
    signal: full.signal,
    [Symbol.dispose]: () => {
      isDisposed = true
      clearTimeout(next)
    },
  }
}

class FullError extends EnvironmentError {}

async function expectRoom(cluster: Pick<MeasuredCluster, 'readMetrics'>): Promise<void> {
  for (const [member, { quotaShare }] of await cluster.readMetrics()) {
    if (quotaShare === null || quotaShare < fullAt) continue
    throw new FullError(
      `Expected the database of ${member} below ${100 * fullAt} % of its quota, got ${Math.round(100 * quotaShare)} %: measure with less (--duration, --requests, --value-size), or compact and defragment, or raise quota-backend-bytes`,
    )
  }
}
