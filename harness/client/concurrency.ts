import type { KeyValue } from './kv-types.ts'
import { bytes, keyValue, type RawKeyValue } from './kv-wire.ts'
import type { CallOptions, MemberClient } from './member-client.ts'

/** etcd's own lock and election services (v3lock, v3election). */

/** Waits until this lease holds the lock; resolves to the key that proves it. */
export async function lock(
  client: MemberClient,
  request: { readonly name: string; readonly lease: string },
  options?: CallOptions,
): Promise<string> {
  const raw = await client.call<{ key: Buffer }>(
    'Lock',
    'Lock',
    { name: bytes(request.name), lease: request.lease },
    options,
  )
  return raw.key.toString('utf8')
}

/** Gives up the lock by its key, as `lock` resolved to it. */
export async function unlock(
  client: MemberClient,
  key: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Lock', 'Unlock', { key: bytes(key) }, options)
}

/** Proves the election of a candidate. */
export interface Leadership {
  readonly name: Buffer
  readonly key: Buffer
  /** Decimal. */
  readonly rev: string
  /** Decimal. */
  readonly lease: string
}

/** Waits until this lease's candidate is elected. */
export async function campaign(
  client: MemberClient,
  request: { readonly name: string; readonly lease: string; readonly value: string },
  options?: CallOptions,
): Promise<Leadership> {
  const { name, lease, value } = request
  const raw = await client.call<{ leader: Leadership }>(
    'Election',
    'Campaign',
    { name: bytes(name), lease, value: bytes(value) },
    options,
  )
  return raw.leader
}

/** Changes the leader's value; etcd rejects it for a former leader. */
export async function proclaim(
  client: MemberClient,
  leader: Leadership,
  value: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Election', 'Proclaim', { leader, value: bytes(value) }, options)
}

/** Ends a leadership, so that the next candidate is elected. */
export async function resign(
  client: MemberClient,
  leader: Leadership,
  options?: CallOptions,
): Promise<void> {
  await client.call('Election', 'Resign', { leader }, options)
}

/** The elected candidate's key and value; etcd rejects it without a leader. */
export async function electedLeader(
  client: MemberClient,
  name: string,
  options?: CallOptions,
): Promise<KeyValue> {
  const request = { name: bytes(name) }
  const { kv } = await client.call<{ kv: RawKeyValue }>('Election', 'Leader', request, options)
  return keyValue(kv)
}

/** Every leader and every proclamation. One iteration only; `close` ends it. */
export interface ElectionObserver extends AsyncIterable<KeyValue> {
  close(): void
}

/** Iterating throws a RequestError when the stream breaks. */
export function observeElection(client: MemberClient, name: string): ElectionObserver {
  const request = { name: bytes(name) }
  const stream = client.download<{ kv: RawKeyValue }>('Election', 'Observe', request)
  let closed = false
  stream.on('error', () => {})
  return {
    close: () => {
      closed = true
      stream.cancel()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for await (const raw of stream) yield keyValue((raw as { kv: RawKeyValue }).kv)
      } catch (thrown) {
        if (!closed) throw client.errorOf(thrown, 'Observe')
      } finally {
        stream.cancel()
      }
    },
  }
}
