import type { CompiledHistory } from './compile/history.ts'
import type { Facts, Pin } from './facts.ts'
import { countBefore, leastStart, startOf, topOf } from './history-bounds.ts'
import { isRevision } from './operation.ts'
import type { Slots } from './slots.ts'

/** Adjacent revisions that no acknowledged write created and that nothing tells apart. */
export interface Gap {
  readonly revision: number
  /** More than 1 only with foreign writes. */
  readonly length: number
  readonly pins: readonly Pin[]
  /** Another client's write may be here: no recorded operation has to be. */
  readonly mayBeEmpty: boolean
  /** The history may begin after it, but then after all gaps before it too. */
  readonly mayPrecede: boolean
}

/** All that has a slot, in the order of the slots. */
export interface Plan {
  /** An op's id; -1 - n = the gap number n. */
  readonly nodes: Int32Array
  readonly gaps: readonly Gap[]
  /** There are more revisions without a known write than unknown writes to explain them. */
  readonly unexplained?: { readonly revision: number; readonly gaps: number }
}

interface PlanBuilder {
  readonly nodes: number[]
  readonly gaps: Gap[]
  readonly compiled: CompiledHistory
  readonly facts: Facts
  /** Revisions within a run that differ from their neighbours. */
  readonly special: readonly number[]
  /** The next revision to explain. */
  next: number
  specialAt: number
  readonly start: number
}

/** Puts the known ops in the order of their slots, with the gaps between them. */
export function planNodes(compiled: CompiledHistory, slots: Slots, facts: Facts): Plan {
  const start = startOf(compiled, slots, facts)
  const before = compiled.initialRevision >= 0 ? 0 : countBefore(compiled, slots, start)
  const builder: PlanBuilder = {
    nodes: [],
    gaps: [],
    compiled,
    facts,
    special: compiled.hasForeignWrites ? specialRevisions(compiled, facts) : [],
    next:
      compiled.hasForeignWrites && before > 0
        ? leastStart(compiled) + 1
        : Math.max(start - before, leastStart(compiled)) + 1,
    specialAt: 0,
    start,
  }
  const top = topOf(slots, facts)
  const unexplained = compiled.hasForeignWrites
    ? undefined
    : countUnexplained(compiled, slots, start, top)
  if (unexplained !== undefined) return { nodes: new Int32Array(), gaps: [], unexplained }
  for (const id of slots.order) {
    const slot = slots.slots[id] ?? 0
    emitUntil(builder, Math.floor((slot - 1) / 2))
    builder.nodes.push(id)
    if (slot % 2 === 0) builder.next = Math.max(builder.next, slot / 2 + 1)
  }
  emitUntil(builder, top)
  return { nodes: Int32Array.from(builder.nodes), gaps: builder.gaps }
}

function countUnexplained(
  { ops }: CompiledHistory,
  { order, slots }: Slots,
  start: number,
  top: number,
): Plan['unexplained'] {
  let known = 0
  let expected = start + 1
  let revision = 0
  for (const id of order) {
    const slot = slots[id] ?? 0
    if (slot % 2 === 1 || slot <= 2 * start) continue
    known++
    if (revision === 0 && slot / 2 > expected) revision = expected
    expected = slot / 2 + 1
  }
  const gaps = top - start - known
  const unknown = ops.reduce((count, { isKnown }) => count + (isKnown ? 0 : 1), 0)
  return gaps > unknown ? { revision: revision || expected, gaps } : undefined
}

function emitUntil(builder: PlanBuilder, revision: number): void {
  while (builder.next <= revision) {
    const { next, compiled, facts, special, start } = builder
    while ((special[builder.specialAt] ?? Infinity) < next) builder.specialAt++
    const until = Math.min(revision, (special[builder.specialAt] ?? Infinity) - 1)
    const length = compiled.hasForeignWrites ? Math.max(1, until - next + 1) : 1
    const pins = facts.pins.get(next) ?? []
    builder.nodes.push(-1 - builder.gaps.length)
    builder.gaps.push({
      revision: next,
      length,
      pins,
      mayBeEmpty: compiled.hasForeignWrites && pins.length === 0,
      mayPrecede: next <= start,
    })
    builder.next = next + length
  }
}

/** Revisions that something names, so that a write there differs from a write beside them. */
function specialRevisions({ ops }: CompiledHistory, { pins }: Facts): number[] {
  const special = new Set(pins.keys())
  for (const { txn, isKnown, revision } of ops) {
    if (!isKnown && revision >= 0) special.add(revision)
    for (const { target, operand } of txn?.compare ?? []) {
      if (isRevision(target)) special.add(Number(operand))
    }
    for (const answer of isKnown ? [] : (txn?.answers ?? [])) {
      if (typeof answer === 'object' && answer !== null) special.add(answer.mod)
    }
  }
  return [...special].sort((one, other) => one - other)
}
