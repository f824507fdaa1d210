import type { Operation } from '../../history/operations.ts'
import { type KeyTable, keyId, leaseOf } from './compile-parts.ts'
import type { EtcdOp } from './operation.ts'

/** What a history's `grant` and `revoke` say of leases; a history without them says nothing. */
export interface LeaseTable {
  /** By lease: the keys that some put binds to it. */
  readonly keys: ReadonlyMap<string, ReadonlySet<number>>
  /** By lease: the revision that the answer to its revoke named. */
  readonly revokedAt: ReadonlyMap<string, number>
  /** By lease: the event that requested it; undefined = some lease may be no recorded client's. */
  readonly granted: ReadonlyMap<string, number> | undefined
}

export function readLeases(all: readonly Operation[], table: KeyTable): LeaseTable {
  const keys = new Map<string, Set<number>>()
  const revokedAt = new Map<string, number>()
  const granted = new Map<string, number>()
  let areAllNamed = true
  for (const { f, outcome, invoke, completion, invokeIndex } of all) {
    for (const [lease, key] of leasesPut(f, invoke)) {
      keys.set(lease, (keys.get(lease) ?? new Set()).add(keyId(table, key)))
    }
    const lease = leaseOf(invoke.lease)
    if (f === 'grant' && outcome !== 'fail') {
      if (lease === '') areAllNamed = false
      else granted.set(lease, invokeIndex)
    }
    const revision = completion?.revision
    if (f === 'revoke' && outcome === 'ok' && revision !== undefined) revokedAt.set(lease, revision)
  }
  return { keys, revokedAt, granted: areAllNamed && granted.size > 0 ? granted : undefined }
}

type Put = readonly [lease: string, key: string]

function leasesPut(f: string, { key = '', lease, value }: Operation['invoke']): readonly Put[] {
  if (f === 'put') return lease === undefined ? [] : [[leaseOf(lease), key]]
  if (f !== 'txn') return []
  const branches = value as Record<'then' | 'else', readonly (readonly string[])[]>
  return [...(branches.then ?? []), ...(branches.else ?? [])].flatMap((step): Put[] =>
    step[0] === 'put' && step[3] !== undefined ? [[step[3], step[1] ?? '']] : [],
  )
}

/**
 * etcd rejects a put under a lease that does not exist: it creates no revision after the one at which
 * the lease was revoked, and none when no client requested the lease before.
 */
export function limitByLease(op: EtcdOp, leases: LeaseTable): EtcdOp {
  const named = [op.lease, ...stepLeases(op)].filter((lease) => lease !== '')
  if (named.length === 0) return op
  const latest = Math.min(...named.map((lease) => leases.revokedAt.get(lease) ?? Infinity))
  return {
    ...op,
    latest,
    impossible: op.impossible ?? findLeaseProblem(op, { named, latest, leases }),
  }
}

function stepLeases({ txn, applied }: EtcdOp): string[] {
  if (txn === undefined || applied === undefined) return []
  const steps = applied ? txn.onHold : txn.onFail
  return steps.flatMap(({ f, lease }) => (f === 'put' ? [lease] : []))
}

function findLeaseProblem(
  { isKnown, revision, source }: EtcdOp,
  {
    named,
    latest,
    leases: { granted },
  }: { readonly named: readonly string[]; readonly latest: number; readonly leases: LeaseTable },
): string | undefined {
  if (!isKnown) return undefined
  if (revision > latest) return `its lease was revoked at revision ${latest}, before ${revision}`
  if (granted === undefined) return undefined
  const early = named.find((lease) => (granted.get(lease) ?? Infinity) > source.completeIndex)
  return early === undefined ? undefined : `no client had requested its lease ${early} by then`
}
