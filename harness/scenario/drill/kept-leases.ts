import type { FinalState, MemberFinalState } from '../../checkers/checker.ts'
import { range } from '../../client/kv.ts'
import { leases, leaseTimeToLive } from '../../client/lease.ts'
import type { MemberClient } from '../../client/member-client.ts'
import { done, notYet } from '../../core/poll.ts'
import { untilKept } from './timed-promise.ts'

/** What a member says of leases: its own list, and what the leader answers about one. */
export interface LeaseReader {
  readonly member: string
  list(): Promise<readonly string[]>
  keysOf(lease: string): Promise<readonly string[]>
  /** The lease of a key in the member's own store; undefined without the key. */
  leaseOf(key: string): Promise<string | undefined>
}

/** Enough to find what is lost; a drill may end with thousands of leased keys. */
const mostKeys = 200

/**
 * Every member knows the leases of the keys that it holds, and each of these leases has its keys. A
 * lease that a member forgot never expires: its keys stay, which a drill is too short to wait for.
 * What ends meanwhile takes its keys with it, so that only a key that is still there counts. Throws a
 * GuaranteeBrokenError past the deadline.
 */
export async function untilLeasesKept(
  { members }: FinalState,
  readers: readonly LeaseReader[],
  deadlineMs: number,
): Promise<void> {
  await untilKept(
    { id: 'held-keys-have-their-leases', sentence: 'every key with a lease to be attached to it' },
    async () => {
      const lost = await Promise.all(
        readers.map((reader) =>
          findLost(
            reader,
            members.find(({ member }) => member === reader.member),
          ),
        ),
      )
      const found = lost.flat()
      return found.length === 0 ? done(undefined) : notYet(found.slice(0, 3).join('; '))
    },
    { deadlineMs },
  )
}

async function findLost(reader: LeaseReader, state?: MemberFinalState): Promise<string[]> {
  const leased = Object.entries(state?.keys ?? {})
    .flatMap(([key, { lease = '0' }]) => (lease === '0' ? [] : [{ key, lease }]))
    .slice(0, mostKeys)
  if (leased.length === 0) return []
  const listed = new Set(await reader.list())
  const found: string[] = []
  for (const [lease, own] of Map.groupBy(leased, (one) => one.lease)) {
    const attached = new Set(await reader.keysOf(lease))
    for (const { key } of own) {
      if (listed.has(lease) && attached.has(key)) continue
      if ((await reader.leaseOf(key)) !== lease) continue
      const what = listed.has(lease) ? 'does not have among its keys' : 'does not have'
      found.push(`${reader.member} holds ${key} with the lease ${lease}, which it ${what}`)
    }
  }
  return found
}

export function leaseReaderOf(client: MemberClient, timeoutMs: number): LeaseReader {
  const options = { timeoutMs }
  return {
    member: client.member,
    list: () => leases(client, options),
    keysOf: async (lease) => (await leaseTimeToLive(client, lease, options)).keys,
    leaseOf: async (key) => {
      const { kvs } = await range(client, { key, serializable: true }, options)
      return kvs[0]?.lease
    },
  }
}
