import type { History } from '../history/operations.ts'
import type { Checker, FinalState, MemberFinalState, Verdict } from './checker.ts'
import { type CompiledHistory, compile } from './etcd/compile.ts'
import type { Cell, EtcdOp } from './etcd/operation.ts'
import { missingCell } from './etcd/operation.ts'
import { doesWrite } from './etcd/slots.ts'
import { absentMembers } from './keys/absent-members.ts'
import { type KeyWrite, writesByKey } from './keys/writes-by-key.ts'
import { formatCell, formatRequest } from './verdict/format.ts'
import { invalidVerdict } from './verdict/invalid.ts'

const name = 'durability'
const codes = ['acknowledged-write-lost', 'unwritten-value'] as const

/**
 * Proves: on every member that was read at the end, each key holds what the last acknowledged
 * write of it left, or what a later or unknown one did; no acknowledged write is gone.
 * Does not prove: that a write which a later one overwrote was ever there, that reads were right
 * (`etcd-linearizability`), or anything of keys that no request names.
 *
 * `acknowledgedLost` counts the acknowledged writes that are newer than what some member holds.
 */
export const durabilityChecker: Checker = {
  name,
  codes,
  check: ({ history, final }) => checkDurability(history, final),
}

interface Loss {
  readonly member: string
  readonly key: string
  readonly held: Cell
  readonly lost: readonly EtcdOp[]
}

function checkDurability(history: History, final: FinalState | undefined): Verdict {
  const unread = absentMembers(history, final)
  if (final === undefined || final.members.length === 0) {
    return { checker: name, verdict: 'unknown', reason: 'no member was read at the end' }
  }
  const compiled = compile(history)
  const writes = writesByKey(compiled)
  const losses = final.members.flatMap((member) => lossesOf(compiled, writes, member))
  const { operations } = compiled
  const worst = losses.find(({ lost }) => lost.length > 0) ?? losses[0]
  if (worst !== undefined) return violationVerdict(compiled, losses, worst)
  if (unread.length > 0) {
    const reason = `${unread.join(', ')} received requests and was not read at the end`
    return { checker: name, verdict: 'unknown', reason, operations }
  }
  return { checker: name, verdict: 'valid', operations, evidence: { acknowledgedLost: 0 } }
}

function lossesOf(
  compiled: CompiledHistory,
  writes: readonly (readonly KeyWrite[])[],
  { member, keys }: MemberFinalState,
): Loss[] {
  return compiled.keys.flatMap((key, id) => {
    const kv = keys[key]
    const held = kv === undefined ? missingCell : { value: kv.value, mod: kv.modRevision }
    const lost = lostBy(writes[id] ?? [], held, compiled.initial[id] ?? missingCell)
    return lost === undefined ? [] : [{ member, key, held, lost }]
  })
}

/** The acknowledged writes that are newer than this content; undefined when it is right. */
function lostBy(writes: readonly KeyWrite[], held: Cell, initial: Cell): EtcdOp[] | undefined {
  const origins = writes.filter((write) => couldLeave(write, held))
  const losses = origins.map((origin) => newerThan(writes, origin, held))
  if (held.value === initial.value && (held.value === null || held.mod === initial.mod)) {
    losses.push(newerThan(writes, undefined, held))
  }
  if (losses.some(({ length }) => length === 0)) return undefined
  const fewest = losses.sort((one, other) => one.length - other.length)[0]
  return fewest ?? newerThan(writes, undefined, held)
}

function couldLeave({ value, revision }: KeyWrite, held: Cell): boolean {
  if (value !== held.value) return false
  return revision < 0 || held.value === null || revision === held.mod
}

/** Acknowledged writes that certainly came after `origin`; undefined = what was there at first. */
function newerThan(
  writes: readonly KeyWrite[],
  origin: KeyWrite | undefined,
  held: Cell,
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

function violationVerdict(
  compiled: CompiledHistory,
  losses: readonly Loss[],
  worst: Loss,
): Verdict {
  const lost = new Set(losses.flatMap((loss) => loss.lost))
  const last = worst.lost.at(-1)
  const holds = `${worst.member} holds ${worst.key} = ${formatCell(worst.held)}`
  const reason =
    last === undefined
      ? `${holds}, which no recorded operation can have written`
      : `${holds} although ${formatRequest(last.source)} was acknowledged${atRevision(last)}`
  return invalidVerdict(name, {
    code: codeOf(worst),
    codes: losses.map(codeOf),
    reason,
    operations: compiled.operations,
    evidence: {
      partition: worst.key,
      ...(last !== undefined && { culprit: last.source.invokeIndex }),
      involved: [...lost].slice(-200).map(({ source }) => source.invokeIndex),
      acknowledgedLost: lost.size,
      keysWrong: new Set(losses.map(({ key }) => key)).size,
      membersWrong: [...new Set(losses.map(({ member }) => member))],
      expected: 'every acknowledged write, or a later one, on every member',
      found: `${lost.size} acknowledged writes are lost`,
    },
  })
}

function codeOf({ lost }: Loss): (typeof codes)[number] {
  return lost.length > 0 ? 'acknowledged-write-lost' : 'unwritten-value'
}

function atRevision(op: EtcdOp): string {
  return op.revision < 0 || doesWrite(op) !== true ? '' : ` at revision ${op.revision}`
}
