import type { Operation, OperationEvent } from '../../history/operations.ts'
import type { OracleContext } from './etcd-oracle.ts'
import type { Kvs, World } from './etcd-oracle-writes.ts'

/** Whether the answer of a get or range is right in this world, or for a stale one in its past. */
export function isReadRight(
  world: World,
  op: Operation,
  answer: OperationEvent,
  context: OracleContext,
): boolean {
  const at = op.invoke.atRevision as number | undefined
  const isStale = op.invoke.serializable === true
  const { revision } = answer
  if (!isStale && revision !== undefined && revision !== world.revision) return false
  if (isStale && revision !== undefined && revision > world.revision) return false
  if (at !== undefined) {
    const now = revision ?? world.revision
    return at <= now && isSeenAt(world, op, answer, { ...context, at })
  }
  if (!isStale) return isSeenAt(world, op, answer, { ...context, at: world.revision })
  if (revision !== undefined) return isSeenAt(world, op, answer, { ...context, at: revision })
  for (let past = 0; past <= world.revision; past++) {
    if (isSeenAt(world, op, answer, { ...context, at: past })) return true
  }
  return false
}

interface Moment extends OracleContext {
  readonly at: number
}

function isSeenAt(world: World, op: Operation, answer: OperationEvent, moment: Moment): boolean {
  const { at, start, initial } = moment
  const kvs = at < start ? initial : (world.past.get(at) ?? initial)
  if (op.f !== 'get') return isRangeSeen(kvs, op, answer, moment)
  const { value, modRevision: mod } = answer
  return isCellSeen(kvs, { key: op.invoke.key ?? '', value, mod, at })
}

interface SeenCell {
  readonly key: string
  readonly value: unknown
  readonly mod: number | undefined
  readonly at: number
}

/** Before the start a key held what it holds at the start, or anything where that is newer. */
function isCellSeen(kvs: Kvs, { key, value, mod, at }: SeenCell): boolean {
  const cell = kvs.get(key)
  if (mod !== undefined && value !== undefined && (value === null) !== (mod === 0)) return false
  if (cell !== undefined && cell.mod > at) return mod === undefined || mod < cell.mod
  if (value !== undefined && value !== (cell?.value ?? null)) return false
  return mod === undefined || mod === (cell?.mod ?? 0)
}

function isRangeSeen(
  kvs: Kvs,
  { invoke }: Operation,
  answer: OperationEvent,
  { at, recorded, isForeign }: Moment,
): boolean {
  const end = invoke.end as string | undefined
  const isShared = isForeign && end !== undefined
  const isWithin = (key: string) =>
    end === undefined
      ? key === invoke.key
      : key >= (invoke.key ?? '') && (end === '\u0000' || key < end)
  const listed = answer.value as [string, string, number, number?][]
  const last = listed.at(-1)?.[0] ?? ''
  const isCut = answer.more === true
  if (listed.some(([key]) => !isWithin(key))) return false
  for (const key of new Set([...kvs.keys(), ...listed.map(([key]) => key)])) {
    if (!isWithin(key) || (isShared && !recorded.has(key))) continue
    const item = listed.find(([name]) => name === key)
    if (item === undefined && isCut && key > last) continue
    if (!isCellSeen(kvs, { key, value: item?.[1] ?? null, mod: item?.[2], at })) return false
    const { version, mod = 0 } = kvs.get(key) ?? {}
    if (mod <= at && item?.[3] !== undefined && item[3] !== version) return false
  }
  const within = [...kvs].filter(([key]) => isWithin(key))
  const count = answer.count as number | undefined
  if (count !== undefined && listed.length > count) return false
  if (isCut && !isShared && !within.some(([key]) => key > last)) return false
  if (count === undefined) return true
  const present = within.filter(([, { mod }]) => mod <= at).length
  return present <= count && (isShared || within.length >= count)
}
