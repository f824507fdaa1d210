import type { Operation, OperationEvent } from '../../history/operations.ts'

interface OracleCell {
  readonly value: string
  readonly mod: number
  readonly version: number
  readonly create: number
  /** '' = none. */
  readonly lease: string
}

export type Kvs = ReadonlyMap<string, OracleCell>

/** A state of the store, with the states before it. */
export interface World {
  readonly revision: number
  readonly kvs: Kvs
  /** States by revision, since the start. */
  readonly past: ReadonlyMap<number, Kvs>
  readonly revoked: ReadonlySet<string>
}

/** The world one revision later. */
export function nextRevision(world: World, kvs: Kvs): World {
  const revision = world.revision + 1
  return { ...world, revision, kvs, past: new Map([...world.past, [revision, kvs]]) }
}

/** Whether the answer has the field and another value than the right one. */
export function isOther(answered: unknown, right: unknown): boolean {
  return answered !== undefined && JSON.stringify(answered) !== JSON.stringify(right)
}

interface Result {
  readonly deleted?: number
  readonly applied?: boolean
  readonly results?: unknown[]
}

/** What a write leaves, the same map when it changes nothing, and its right answer. */
export function write(
  { kvs, revision }: World,
  { f, invoke }: Operation,
): { kvs: Kvs; result: Result } {
  const mod = revision + 1
  const key = invoke.key ?? ''
  if (f === 'put') {
    const lease = String(invoke.lease ?? '')
    return { kvs: withPut(kvs, { key, value: String(invoke.value), mod, lease }), result: {} }
  }
  if (f === 'delete') {
    if (!kvs.has(key)) return { kvs, result: { deleted: 0 } }
    return { kvs: new Map([...kvs].filter(([name]) => name !== key)), result: { deleted: 1 } }
  }
  if (f === 'cas') {
    const [old, value] = invoke.value as [string | null, string]
    if ((kvs.get(key)?.value ?? null) !== old) return { kvs, result: { applied: false } }
    return { kvs: withPut(kvs, { key, value, mod }), result: { applied: true } }
  }
  if (f === 'revoke') {
    const kept = [...kvs].filter(([, { lease }]) => lease !== invoke.lease)
    return { kvs: kept.length === kvs.size ? kvs : new Map(kept), result: {} }
  }
  return writeTxn(kvs, mod, invoke)
}

interface Put {
  readonly key: string
  readonly value: string
  readonly mod: number
  readonly lease?: string
}

function withPut(kvs: Kvs, { key, value, mod, lease = '' }: Put): Kvs {
  const { version = 0, create = mod } = kvs.get(key) ?? {}
  return new Map([...kvs, [key, { value, mod, version: version + 1, create, lease }]])
}

export type OracleTxn = Record<'then' | 'else', [string, string, string][]> & {
  readonly compare: [string, 'value' | 'mod' | 'version' | 'create', string, string | number][]
}

/** It asks for no quorum. */
export const isEmptyTxn = (txn: OracleTxn) => txn.then.length + txn.else.length === 0

function writeTxn(kvs: Kvs, mod: number, invoke: OperationEvent): { kvs: Kvs; result: Result } {
  const txn = invoke.value as OracleTxn
  const applied = txn.compare.every(([key, target, result, operand]) => {
    const cell = kvs.get(key)
    if (target === 'value' && cell === undefined) return false
    const left = cell?.[target] ?? (target === 'value' ? '' : 0)
    if (result === '=') return left === operand
    if (result === '!=') return left !== operand
    return result === '<' ? left < operand : left > operand
  })
  let after = kvs
  let isChanged = false
  const results = (applied ? txn.then : txn.else).map(([f, key, value]) => {
    const cell = after.get(key)
    if (f === 'get') return cell === undefined ? [null, 0] : [cell.value, cell.mod]
    if (f === 'put') after = withPut(after, { key, value: String(value), mod })
    const isDeleted = f === 'delete' && after.has(key)
    if (isDeleted) after = new Map([...after].filter(([name]) => name !== key))
    if (f === 'put' || isDeleted) isChanged = true
    if (f === 'put') return null
    return isDeleted ? 1 : 0
  })
  return { kvs: isChanged ? after : kvs, result: { applied, results } }
}
