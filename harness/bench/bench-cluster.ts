import { deleteKeys, range } from '../client/kv.ts'
import type { MemberClient } from '../client/member-client.ts'
import { InputError } from '../core/errors.ts'
import type { Load, MeasuredCluster } from '../load/index.ts'
import { keyPrefix } from './plan.ts'

/** A cluster to measure, ours or the user's. */
export interface BenchCluster extends MeasuredCluster, AsyncDisposable {
  /** How clients reach it now; the leader is the last of the targets. */
  reach(): Promise<Pick<Load, 'targets' | 'credentials' | 'credentialFiles' | 'gatewayPrefix'>>
  /** Called before each measurement: frees what earlier ones wrote, where that may be done. */
  reclaim(): Promise<void>
  /** Throws an InputError when keys of that name are there already. */
  expectNoKeys(): Promise<void>
  /** Removes what the measurement wrote. */
  removeKeys(): Promise<void>
}

/** From the prefix to the next one of its length: `/` is followed by `0`. */
const everyKey = { key: keyPrefix, end: keyPrefix.replace(/\/$/, '0') } as const

/** The part that is one request to any member. */
export function requestsTo(
  client: MemberClient,
): Pick<BenchCluster, 'readRevision' | 'expectNoKeys' | 'removeKeys'> {
  return {
    readRevision: async () => (await range(client, { key: 'none' })).revision,
    expectNoKeys: async () => {
      const { count } = await range(client, { ...everyKey, countOnly: true })
      if (count === 0) return
      const remedy = `etcdctl del --prefix ${keyPrefix}`
      throw new InputError(
        `Expected no keys under ${keyPrefix}, got ${count}: another benchmark runs, or was killed (${remedy})`,
      )
    },
    removeKeys: async () => {
      await deleteKeys(client, everyKey)
    },
  }
}
