import { once } from 'node:events'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

/** Lease ids are decimal. etcd raises a `ttlS` below its minimum. */
export async function leaseGrant(
  client: MemberClient,
  request: { readonly ttlS: number; readonly id?: string },
  options?: CallOptions,
): Promise<{ id: string; ttlS: number }> {
  const raw = await client.call<{ ID: string; TTL: string }>(
    'Lease',
    'LeaseGrant',
    { TTL: request.ttlS, ID: request.id ?? '0' },
    options,
  )
  return { id: raw.ID, ttlS: safeInteger(raw.TTL, 'TTL') }
}

/** Deletes the lease and all its keys. */
export async function leaseRevoke(
  client: MemberClient,
  id: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Lease', 'LeaseRevoke', { ID: id }, options)
}

/** `ttlS` is -1 for a lease that does not exist. */
export async function leaseTimeToLive(
  client: MemberClient,
  id: string,
  options?: CallOptions,
): Promise<{ id: string; ttlS: number; grantedTtlS: number; keys: readonly string[] }> {
  const raw = await client.call<{
    ID: string
    TTL: string
    grantedTTL: string
    keys: readonly Buffer[]
  }>('Lease', 'LeaseTimeToLive', { ID: id, keys: true }, options)
  return {
    id: raw.ID,
    ttlS: safeInteger(raw.TTL, 'TTL'),
    grantedTtlS: safeInteger(raw.grantedTTL, 'grantedTTL'),
    keys: raw.keys.map((key) => key.toString('utf8')),
  }
}

/** The ids of all leases that this member knows. */
export async function leases(
  client: MemberClient,
  options?: CallOptions,
): Promise<readonly string[]> {
  const raw = await client.call<{ leases: readonly { ID: string }[] }>(
    'Lease',
    'LeaseLeases',
    {},
    options,
  )
  return raw.leases.map(({ ID }) => ID)
}

/** Renews a lease once; resolves to its time to live, 0 for a lease that does not exist, and its id. */
export async function leaseKeepAliveOnce(
  client: MemberClient,
  id: string,
  options?: CallOptions,
): Promise<{ id: string; ttlS: number }> {
  const stream = client.stream<{ ID: string }, { ID: string; TTL: string }>(
    'Lease',
    'LeaseKeepAlive',
  )
  try {
    stream.write({ ID: id })
    const signal = AbortSignal.timeout(options?.timeoutMs ?? client.timeoutMs)
    const [answer] = (await once(stream, 'data', { signal })) as [{ ID: string; TTL: string }]
    return { id: answer.ID, ttlS: safeInteger(answer.TTL, 'TTL') }
  } catch (thrown) {
    throw client.errorOf(thrown, 'LeaseKeepAlive')
  } finally {
    stream.on('error', () => {})
    stream.cancel()
  }
}
