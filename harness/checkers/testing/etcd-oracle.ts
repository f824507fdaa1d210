import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import { isReadRight } from './etcd-oracle-reads.ts'
import {
  isEmptyTxn,
  isOther,
  type Kvs,
  nextRevision,
  type OracleTxn,
  type World,
  write,
} from './etcd-oracle-writes.ts'

export interface OracleContext {
  readonly initial: Kvs
  readonly start: number
  readonly isForeign: boolean
  readonly recorded: ReadonlySet<string>
  readonly top: number
}

/**
 * The definition itself, for small histories in tests: tries every order of the operations, every
 * start and every subset of the unknown ones. Shares no code with the checker. Exponential on
 * purpose.
 */
export function isLinearizable(history: History): boolean {
  const given = (history.header.initial ?? {}) as {
    revision?: number
    kvs?: Record<string, { value: string; modRevision: number }>
  }
  const kvs: Kvs = new Map(
    Object.entries(given.kvs ?? {}).map(([key, { value, modRevision }]) => [
      key,
      { value, mod: modRevision, version: 1, create: modRevision, lease: '' },
    ]),
  )
  const ops = operations(history).filter(({ outcome }) => outcome !== 'fail')
  const top = highestNumber(history) + 1
  const least = Math.max(0, ...[...kvs.values()].map(({ mod }) => mod))
  const isForeign = history.header.foreignWrites === true
  const recorded = new Set([...kvs.keys(), ...operations(history).flatMap(keysNamed)])
  for (let start = given.revision ?? least; start <= (given.revision ?? top + 1); start++) {
    const past = new Map([[start, kvs]])
    const world: World = { revision: start, kvs, past, revoked: new Set() }
    if (canFinish(world, ops, { initial: kvs, start, isForeign, recorded, top })) return true
  }
  return false
}

function canFinish(world: World, left: readonly Operation[], context: OracleContext): boolean {
  const required = left.filter(({ outcome }) => outcome === 'ok')
  if (required.length === 0) return true
  const firstEnd = Math.min(...required.map(({ completeIndex }) => completeIndex))
  for (const op of left) {
    if (op.invokeIndex > firstEnd) continue
    const rest = left.filter((other) => other !== op)
    const next = worldAfter(world, op, context)
    if (next !== undefined && canFinish(next, rest, context)) return true
  }
  if (!context.isForeign || world.revision > context.top) return false
  return canFinish(nextRevision(world, world.kvs), left, context)
}

/** The world after the operation; undefined when its answer is wrong here. */
function worldAfter(world: World, op: Operation, context: OracleContext): World | undefined {
  const answer = op.outcome === 'ok' ? op.completion : undefined
  if (op.f === 'get' || op.f === 'range') {
    return answer === undefined || isReadRight(world, op, answer, context) ? world : undefined
  }
  if (op.f === 'txn' && isEmptyTxn(op.invoke.value as OracleTxn)) {
    return (answer?.revision ?? 0) <= world.revision ? world : undefined
  }
  const isLeaseGone = op.f === 'put' && world.revoked.has(String(op.invoke.lease ?? ''))
  if (isLeaseGone) return answer === undefined ? world : undefined
  const { kvs, result } = write(world, op)
  const revoked =
    op.f === 'revoke' ? new Set([...world.revoked, String(op.invoke.lease)]) : undefined
  const changed = kvs === world.kvs ? world : nextRevision(world, kvs)
  const next = revoked === undefined ? changed : { ...changed, revoked }
  if (answer === undefined) return next
  if (answer.revision !== undefined && answer.revision !== next.revision) return undefined
  if (op.f === 'delete' && isOther(answer.deleted, result.deleted)) return undefined
  if (op.f === 'put' || op.f === 'delete') {
    const before = world.kvs.get(op.invoke.key ?? '')
    const prev = before === undefined ? null : { value: before.value, modRevision: before.mod }
    if (isOther(answer.prev, prev)) return undefined
  }
  if (op.f === 'cas' && (answer.applied !== false) !== result.applied) return undefined
  if (op.f === 'txn' && isOther(answer.applied, result.applied)) return undefined
  if (op.f === 'txn' && isOther(answer.value, result.results)) return undefined
  return next
}

function keysNamed({ f, invoke }: Operation): string[] {
  if (f === 'revoke') return []
  if (f === 'range') return invoke.end === undefined ? [invoke.key ?? ''] : []
  if (f !== 'txn') return [invoke.key ?? '']
  const txn = invoke.value as OracleTxn
  return [...txn.compare.map(([key]) => key), ...[...txn.then, ...txn.else].map(([, key]) => key)]
}

function highestNumber({ events }: History): number {
  const numbers = JSON.stringify(events.map((event) => ({ ...event, timeNs: 0, process: 0 })))
    .match(/\b\d+\b/g)
    ?.map(Number)
  return Math.max(0, ...(numbers ?? []))
}
