import type { CompiledHistory } from './compile/history.ts'
import type { EtcdOp, Value } from './operation.ts'
import { missingCell } from './operation.ts'
import { doesWrite, type Slots } from './slots.ts'

/** An answer shows the key with this mod revision: a write there put it, with this value. */
export interface Pin {
  readonly key: number
  /** undefined = the answer shows the revision alone. */
  readonly value: Value | undefined
  readonly by: EtcdOp
}

/** What answers say of writes that no acknowledged operation made. All of it holds in every order. */
export interface Facts {
  /** By revision that no known write created. */
  readonly pins: ReadonlyMap<number, readonly Pin[]>
  /** By key, flat pairs (m, q], ascending: no write of the key created a revision in there. */
  readonly closed: readonly (readonly number[])[]
}

interface FactCollector {
  readonly compiled: CompiledHistory
  readonly slots: Slots
  readonly pins: Map<number, Pin[]>
  readonly closed: number[][]
}

export function collectFacts(compiled: CompiledHistory, slots: Slots): Facts {
  const closed = compiled.keys.map((): number[] => [])
  const collector: FactCollector = { compiled, slots, pins: new Map(), closed }
  for (const id of slots.order) addFacts(collector, compiled.ops[id])
  for (const op of compiled.ops) {
    if (op.isKnown && (slots.slots[op.id] ?? -1) < 0) addFacts(collector, op)
  }
  return collector
}

export function isClosed(facts: Facts, key: number, revision: number): boolean {
  const pairs = facts.closed[key] ?? []
  let low = 0
  let high = pairs.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pairs[2 * middle + 1] ?? 0) < revision) low = middle + 1
    else high = middle
  }
  return 2 * low < pairs.length && (pairs[2 * low] ?? 0) < revision
}

function addFacts(collector: FactCollector, op: EtcdOp | undefined): void {
  if (op === undefined) return
  const slot = collector.slots.slots[op.id] ?? -1
  /** The revision that the answer looked at: a write looked at the one before its own. */
  const until = slot < 0 ? -1 : Math.floor((slot - 1) / 2)
  const see = (key: number, value: Value | undefined, mod: number) => {
    if (mod > 0 && value !== null) seeCell(collector, { key, value, by: op }, mod, until)
  }
  if (op.f === 'get') see(op.key, op.seen, op.seenMod)
  for (const [key, cell] of op.range?.items ?? []) see(key, cell.value, cell.mod)
  if (op.txn === undefined || op.applied === undefined) return
  if (op.applied) {
    for (const { key, target, result, operand } of op.txn.compare) {
      if (target === 'mod' && result === '=') see(key, undefined, Number(operand))
    }
  }
  const steps = op.applied ? op.txn.onHold : op.txn.onFail
  for (const [at, answer] of op.txn.answers?.entries() ?? []) {
    const step = steps[at]
    if (step?.f !== 'get' || typeof answer !== 'object' || answer === null) continue
    const isOwn = steps.slice(0, at).some(({ f, key }) => f === 'put' && key === step.key)
    if (!isOwn) see(step.key, answer.value, answer.mod)
  }
}

function seeCell(collector: FactCollector, pin: Pin, mod: number, until: number): void {
  const { compiled, pins, closed, slots } = collector
  const initial = compiled.initial[pin.key] ?? missingCell
  if (mod < initial.mod) return
  if (until >= 0) close(closed[pin.key] ?? [], mod, until)
  if (mod === initial.mod || hasSlot(compiled, slots, 2 * mod)) return
  const others = pins.get(mod)
  if (others === undefined) pins.set(mod, [pin])
  else if (!others.some(({ key, value }) => key === pin.key && value === pin.value)) {
    others.push(pin)
  }
}

/** Intervals come by ascending end; overlapping ones become one. */
function close(pairs: number[], from: number, until: number): void {
  let start = from
  while (pairs.length > 0 && (pairs.at(-1) ?? 0) >= start) {
    start = Math.min(start, pairs.at(-2) ?? start)
    pairs.length -= 2
  }
  if (until > start) pairs.push(start, until)
}

/** Whether a known write created this revision. Reads alone can have the odd slot after it. */
function hasSlot({ ops }: CompiledHistory, { order, slots }: Slots, slot: number): boolean {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((slots[order[middle] ?? 0] ?? 0) < slot) low = middle + 1
    else high = middle
  }
  const id = order[low]
  const found = id === undefined ? undefined : ops[id]
  return found !== undefined && slots[found.id] === slot && doesWrite(found) === true
}
