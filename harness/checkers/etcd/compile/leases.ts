import type { Operation } from '../../../history/operations.ts'
import type { EtcdOp } from '../operation.ts'
import { type KeyTable, keyId, leaseOf } from './parts.ts'

/** What a history says of one lease. */
interface Lease {
  /** Keys that some put binds to it. */
  readonly keys: Set<number>
  /** The revision that the answer to its revoke named; Infinity = no revoke was acknowledged. */
  revokedAt: number
  /** The event that requested it; Infinity = none. */
  grantedBy: number
  /** A number behind those of all keys, where a revoke of unknown outcome may end it; -1 = none. */
  endKey: number
}

export interface LeaseTable {
  readonly byId: ReadonlyMap<string, Lease>
  /** Every lease was requested by a recorded client that named it. */
  readonly areAllGranted: boolean
}

/** Call it when all keys have their numbers. */
export function readLeases(all: readonly Operation[], table: KeyTable): LeaseTable {
  const byId = new Map<string, Lease>()
  const leaseOfId = (id: string) => {
    const lease = byId.get(id) ?? createLease()
    byId.set(id, lease)
    return lease
  }
  let grants = 0
  let unnamed = 0
  for (const { f, outcome, invoke, completion, invokeIndex } of all) {
    if (outcome === 'fail') continue
    const id = leaseOf(invoke.lease)
    if (f === 'grant') {
      grants++
      if (id === '') unnamed++
    }
    if (id === '') continue
    const lease = leaseOfId(id)
    if (f === 'put') lease.keys.add(keyId(table, invoke.key ?? ''))
    if (f === 'grant') lease.grantedBy = invokeIndex
    if (f !== 'revoke') continue
    if (outcome === 'ok')
      lease.revokedAt = Math.min(lease.revokedAt, completion?.revision ?? Infinity)
    else if (lease.endKey < 0) lease.endKey = table.names.push(`lease ${id}`) - 1
  }
  return { byId, areAllGranted: grants > 0 && unnamed === 0 }
}

const createLease = (): Lease => {
  return { keys: new Set(), revokedAt: Infinity, grantedBy: Infinity, endKey: -1 }
}

/**
 * etcd rejects a put under a lease that does not exist: it creates no revision after the one at which
 * the lease was revoked, and none when no client requested the lease before.
 */
export function limitByLease(put: EtcdOp, leases: LeaseTable): EtcdOp {
  const lease = leases.byId.get(put.lease)
  if (lease === undefined) return put
  const { revokedAt: latest, endKey } = lease
  return { ...put, latest, endKey, impossible: findLeaseProblem(put, lease, leases) }
}

function findLeaseProblem(
  { isKnown, revision, source, lease }: EtcdOp,
  { revokedAt, grantedBy }: Lease,
  { areAllGranted }: LeaseTable,
): string | undefined {
  if (!isKnown) return undefined
  if (revision > revokedAt) return `its lease was revoked at revision ${revokedAt}`
  const isEarly = areAllGranted && grantedBy > source.completeIndex
  return isEarly ? `no client had requested its lease ${lease} by then` : undefined
}
