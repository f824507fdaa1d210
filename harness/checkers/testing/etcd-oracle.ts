import { operations } from '../../history/join.ts'
import type { History, Operation, OperationEvent } from '../../history/operations.ts'

/**
 * The definition itself, for small histories in tests: every order of the operations, every start,
 * every subset of the unknown ones. Shares no code with the checker. Exponential on purpose.
 */
type Kvs = ReadonlyMap<string, { readonly value: string; readonly mod: number }>

interface World {
  readonly revision: number
  readonly kvs: Kvs
  /** States by revision, since the start. */
  readonly past: ReadonlyMap<number, Kvs>
}

interface Setting {
  readonly initial: Kvs
  readonly start: number
  readonly isForeign: boolean
  readonly recorded: ReadonlySet<string>
  readonly top: number
}

export function isLinearizable(history: History): boolean {
  const given = (history.header.initial ?? {}) as {
    revision?: number
    kvs?: Record<string, { value: string; modRevision: number }>
  }
  const kvs: Kvs = new Map(
    Object.entries(given.kvs ?? {}).map(([key, { value, modRevision }]) => [
      key,
      { value, mod: modRevision },
    ]),
  )
  const ops = operations(history).filter(({ outcome }) => outcome !== 'fail')
  const top = mostNamed(history) + 1
  const least = Math.max(0, ...[...kvs.values()].map(({ mod }) => mod))
  const isForeign = history.header.foreignWrites === true
  const recorded = new Set([...kvs.keys(), ...operations(history).flatMap(keysNamed)])
  for (let start = given.revision ?? least; start <= (given.revision ?? top + 1); start++) {
    const world: World = { revision: start, kvs, past: new Map([[start, kvs]]) }
    if (canFinish(world, ops, { initial: kvs, start, isForeign, recorded, top })) return true
  }
  return false
}

function canFinish(world: World, left: readonly Operation[], setting: Setting): boolean {
  const required = left.filter(({ outcome }) => outcome === 'ok')
  if (required.length === 0) return true
  const firstEnd = Math.min(...required.map(({ completeIndex }) => completeIndex))
  for (const op of left) {
    if (op.invokeIndex > firstEnd) continue
    const rest = left.filter((other) => other !== op)
    const next = happen(world, op, setting)
    if (next !== undefined && canFinish(next, rest, setting)) return true
  }
  if (!setting.isForeign || world.revision > setting.top) return false
  return canFinish(step(world, world.kvs), left, setting)
}

function step(world: World, kvs: Kvs): World {
  const revision = world.revision + 1
  return { revision, kvs, past: new Map([...world.past, [revision, kvs]]) }
}

/** The world after the operation; undefined when its answer is not the one it would get here. */
function happen(world: World, op: Operation, setting: Setting): World | undefined {
  const answer = op.outcome === 'ok' ? op.completion : undefined
  if (op.f === 'get' || op.f === 'range') {
    return answer === undefined || isReadRight(world, op, answer, setting) ? world : undefined
  }
  if (op.f === 'txn' && isEmpty(op.invoke.value as RawTxn)) return world
  const { kvs, told } = write(world, op)
  const next = kvs === world.kvs ? world : step(world, kvs)
  if (answer === undefined) return next
  if (answer.revision !== undefined && answer.revision !== next.revision) return undefined
  if (op.f === 'delete' && differs(answer.deleted, told.deleted)) return undefined
  if (op.f === 'put' || op.f === 'delete') {
    const before = world.kvs.get(op.invoke.key ?? '')
    const prev = before === undefined ? null : { value: before.value, modRevision: before.mod }
    if (differs(answer.prev, prev)) return undefined
  }
  if (op.f === 'cas' && (answer.applied !== false) !== told.applied) return undefined
  if (op.f === 'txn' && differs(answer.applied, told.applied)) return undefined
  if (op.f === 'txn' && differs(answer.value, told.results)) return undefined
  return next
}

function differs(answered: unknown, right: unknown): boolean {
  return answered !== undefined && JSON.stringify(answered) !== JSON.stringify(right)
}

interface Told {
  readonly deleted?: number
  readonly applied?: boolean
  readonly results?: unknown[]
}

/** The map itself, unchanged, when nothing is written. */
function write({ kvs, revision }: World, { f, invoke }: Operation): { kvs: Kvs; told: Told } {
  const mod = revision + 1
  const key = invoke.key ?? ''
  if (f === 'put') {
    return { kvs: new Map([...kvs, [key, { value: String(invoke.value), mod }]]), told: {} }
  }
  if (f === 'delete') {
    if (!kvs.has(key)) return { kvs, told: { deleted: 0 } }
    return { kvs: new Map([...kvs].filter(([name]) => name !== key)), told: { deleted: 1 } }
  }
  if (f === 'cas') {
    const [old, value] = invoke.value as [string | null, string]
    if ((kvs.get(key)?.value ?? null) !== old) return { kvs, told: { applied: false } }
    return { kvs: new Map([...kvs, [key, { value, mod }]]), told: { applied: true } }
  }
  return writeTxn(kvs, mod, invoke)
}

type RawTxn = Record<'compare' | 'then' | 'else', [string, string, string, string | number][]>

/** No quorum is asked for it. */
const isEmpty = (txn: RawTxn) => txn.then.length + txn.else.length === 0

function writeTxn(kvs: Kvs, mod: number, invoke: OperationEvent): { kvs: Kvs; told: Told } {
  const txn = invoke.value as RawTxn
  const applied = txn.compare.every(([key, target, result, operand]) => {
    const cell = kvs.get(key)
    if (target === 'value' && cell === undefined) return false
    const left = target === 'value' ? (cell?.value ?? '') : (cell?.mod ?? 0)
    if (result === '=') return left === operand
    if (result === '!=') return left !== operand
    return result === '<' ? left < operand : left > operand
  })
  const after = new Map(kvs)
  let isChanged = false
  const results = (applied ? txn.then : txn.else).map(([f, key, value]) => {
    const cell = after.get(key)
    if (f === 'get') return cell === undefined ? [null, 0] : [cell.value, cell.mod]
    if (f === 'put') after.set(key, { value: String(value), mod })
    const isDeleted = f === 'delete' && after.delete(key)
    if (f === 'put' || isDeleted) isChanged = true
    if (f === 'put') return null
    return isDeleted ? 1 : 0
  })
  return { kvs: isChanged ? after : kvs, told: { applied, results } }
}

function isReadRight(
  world: World,
  op: Operation,
  answer: OperationEvent,
  setting: Setting,
): boolean {
  const at = op.invoke.atRevision as number | undefined
  const isStale = op.invoke.serializable === true
  const { revision } = answer
  if (!isStale && revision !== undefined && revision !== world.revision) return false
  if (isStale && revision !== undefined && revision > world.revision) return false
  if (at !== undefined) {
    const now = revision ?? world.revision
    return at <= now && isSeenAt(world, op, answer, { ...setting, at })
  }
  if (!isStale) return isSeenAt(world, op, answer, { ...setting, at: world.revision })
  if (revision !== undefined) return isSeenAt(world, op, answer, { ...setting, at: revision })
  for (let past = 0; past <= world.revision; past++) {
    if (isSeenAt(world, op, answer, { ...setting, at: past })) return true
  }
  return false
}

/** Before the start, a key was what it is at the start, or not knowable when that is newer. */
function isSeenAt(
  world: World,
  { f, invoke }: Operation,
  answer: OperationEvent,
  { at, start, initial, recorded, ...setting }: Setting & { at: number },
): boolean {
  const isForeign = setting.isForeign && invoke.end !== undefined
  const kvs = at < start ? initial : (world.past.get(at) ?? initial)
  const fits = (key: string, value: unknown, mod: number | undefined) => {
    const cell = kvs.get(key)
    if (mod !== undefined && value !== undefined && (value === null) !== (mod === 0)) return false
    if (cell !== undefined && cell.mod > at) return mod === undefined || mod < cell.mod
    if (value !== undefined && value !== (cell?.value ?? null)) return false
    return mod === undefined || mod === (cell?.mod ?? 0)
  }
  if (f === 'get') return fits(invoke.key ?? '', answer.value, answer.modRevision)
  const end = invoke.end as string | undefined
  const isWithin = (key: string) =>
    end === undefined
      ? key === invoke.key
      : key >= (invoke.key ?? '') && (end === '\u0000' || key < end)
  const listed = answer.value as [string, string, number][]
  const last = listed.at(-1)?.[0] ?? ''
  const isCut = answer.more === true
  const keys = new Set([...kvs.keys(), ...listed.map(([key]) => key)])
  for (const key of keys) {
    if (!isWithin(key)) {
      if (listed.some(([name]) => name === key)) return false
      continue
    }
    if (isForeign && !recorded.has(key)) continue
    const item = listed.find(([name]) => name === key)
    if (item === undefined && isCut && key > last) continue
    if (!fits(key, item?.[1] ?? null, item?.[2])) return false
  }
  const within = [...kvs].filter(([key]) => isWithin(key))
  const present = within.filter(([, { mod }]) => mod <= at).length
  const count = answer.count as number | undefined
  if (count !== undefined && listed.length > count) return false
  if (isCut && !isForeign && !within.some(([key]) => key > last)) return false
  if (count === undefined) return true
  return present <= count && (isForeign || within.length >= count)
}

function keysNamed({ f, invoke }: Operation): string[] {
  if (f === 'range') return invoke.end === undefined ? [invoke.key ?? ''] : []
  if (f !== 'txn') return [invoke.key ?? '']
  const txn = invoke.value as RawTxn
  return [...txn.compare.map(([key]) => key), ...[...txn.then, ...txn.else].map(([, key]) => key)]
}

function mostNamed({ events }: History): number {
  const numbers = JSON.stringify(events.map((event) => ({ ...event, timeNs: 0, process: 0 })))
    .match(/\b\d+\b/g)
    ?.map(Number)
  return Math.max(0, ...(numbers ?? []))
}
