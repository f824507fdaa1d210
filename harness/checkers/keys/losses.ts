import type { MemberFinalState } from '../checker.ts'
import type { CompiledHistory } from '../etcd/compile/history.ts'
import type { Cell, EtcdOp } from '../etcd/operation.ts'
import { missingCell } from '../etcd/operation.ts'
import { doesWrite } from '../etcd/slots.ts'
import { formatCell, formatRequest, shorten } from '../verdict/format.ts'
import type { KeyWrite } from './writes-by-key.ts'

/** Something that a member holds and should not. */
export interface WrongState {
  readonly code:
    | 'acknowledged-write-lost'
    | 'unwritten-value'
    | 'revision-lost'
    | 'impossible-state'
  readonly members: readonly string[]
  /** `store` for what concerns no single key. */
  readonly partition: string
  /** Of the store, and of what it holds of the key (0 = nothing); absent where members contradict. */
  readonly revision?: number
  readonly heldModRevision?: number
  readonly reason: string
  /** Acknowledged writes that are newer than what is held. */
  readonly lost: readonly EtcdOp[]
}

/** By key, as `writesByKey` gives them. */
export type WritesByKey = readonly (readonly KeyWrite[])[]

/** The keys for which what is known of their own writes is enough to see that they are wrong. */
export function findLosses(
  compiled: CompiledHistory,
  writes: WritesByKey,
  state: MemberFinalState,
): WrongState[] {
  return compiled.keys.flatMap((partition, id) => {
    const held = heldBy(state, partition)
    const initial = compiled.initial[id] ?? missingCell
    const lost = lostBy(writes[id] ?? [], held, initial)
    if (lost === undefined) return []
    const holds = formatHeld(state, partition)
    const last = lost.at(-1)
    const newest = last === undefined ? formatLostInitial(held, initial) : formatWrite(last)
    const [code, reason] =
      newest === undefined
        ? (['unwritten-value', `${holds}, which no recorded operation can have written`] as const)
        : (['acknowledged-write-lost', `${holds} although ${newest}`] as const)
    return [
      { code, members: [state.member], partition, ...placeOf(state, partition), reason, lost },
    ]
  })
}

/** A write from before the history counts as acknowledged: the store was read with it. */
function formatLostInitial(held: HeldCell, initial: HeldCell): string | undefined {
  if (initial.value === null || held.mod >= initial.mod) return undefined
  return `the store began with ${formatCell(initial)}`
}

/** A store that ended at an older revision than an answer had. */
export function findLostRevision(
  { ops }: CompiledHistory,
  { member, revision }: MemberFinalState,
): WrongState[] {
  const newer = ops.filter((op) => op.isKnown && op.revision > revision)
  const last = newer.reduce<EtcdOp | undefined>(
    (most, op) => (most === undefined || op.revision > most.revision ? op : most),
    undefined,
  )
  if (last === undefined) return []
  const answered = `${formatRequest(last.source)} had answered revision ${last.revision}`
  const reason = `${member} ended at revision ${revision} although ${answered}`
  const lost = newer.filter((op) => doesWrite(op) === true)
  return [{ code: 'revision-lost', members: [member], partition: 'store', revision, reason, lost }]
}

/**
 * The acknowledged writes that are newer than this content, the fewest that must be lost; undefined
 * when these writes can have left it.
 */
export function lostBy(
  writes: readonly KeyWrite[],
  held: HeldCell,
  initial: Cell,
): readonly EtcdOp[] | undefined {
  const origins = writes.filter((write) => couldLeave(write, held))
  const losses = origins.map((origin) => newerThan(writes, origin, held))
  if (held.value === initial.value && (held.value === null || held.mod === initial.mod)) {
    losses.push(newerThan(writes, undefined, held))
  }
  if (losses.some(({ length }) => length === 0)) return undefined
  const fewest = losses.sort((one, other) => one.length - other.length)[0]
  return fewest ?? newerThan(writes, undefined, held)
}

export function heldBy({ keys }: MemberFinalState, key: string): HeldCell {
  const kv = keys[key]
  const { value, mod } = missingCell
  return kv === undefined ? { value, mod } : { value: kv.value, mod: kv.modRevision }
}

/** Where in the order of revisions the store is, and what it holds of the key. */
export function placeOf(state: MemberFinalState, key: string) {
  return { revision: state.revision, heldModRevision: heldBy(state, key).mod }
}

/** What a final state says of a key. */
type HeldCell = Pick<Cell, 'value' | 'mod'>

/** Such as `m1 holds k1 = "v" (modRevision 3)`. */
export function formatHeld(state: MemberFinalState, key: string): string {
  return `${state.member} holds ${shorten(key)} = ${formatCell(heldBy(state, key))}`
}

export function formatWrite(op: EtcdOp): string {
  const hasRevision = op.revision >= 0 && doesWrite(op) === true
  const at = hasRevision ? ` at revision ${op.revision}` : ''
  return `${formatRequest(op.source)} was acknowledged${at}`
}

function couldLeave({ value, revision }: KeyWrite, held: HeldCell): boolean {
  if (value !== held.value) return false
  return revision < 0 || held.value === null || revision === held.mod
}

/** Acknowledged writes that certainly came after `origin`; undefined = what was there at first. */
function newerThan(
  writes: readonly KeyWrite[],
  origin: KeyWrite | undefined,
  held: HeldCell,
): EtcdOp[] {
  const since = origin === undefined || held.value !== null ? held.mod : origin.revision
  return writes
    .filter((write) => write.isAcknowledged && write !== origin)
    .filter(({ revision, op }) => {
      if (revision >= 0 && since >= 0 && (since > 0 || origin === undefined))
        return revision > since
      if (origin === undefined) return true
      return origin.isAcknowledged && op.source.invokeIndex > origin.op.source.completeIndex
    })
    .map(({ op }) => op)
}
