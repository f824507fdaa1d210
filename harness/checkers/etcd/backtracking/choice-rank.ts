import { cellOf } from '../model.ts'
import type { EtcdOp } from '../operation.ts'
import type { Choice } from './choice.ts'
import { type LookAhead, lookAhead, nextNode } from './look-ahead.ts'
import type { Frame, PlanSearch } from './state.ts'

/** The most promising of the choices that were offered. The order guides and never decides. */
export interface BestChoice {
  choice: Choice | undefined
  rank: number
}

/** How promising a choice is, the least first. */
const ranks = {
  /** A later answer waits for it: from here up to 1, the sooner the lower. */
  awaited: 0,
  /** It has a deadline. */
  due: 1.5,
  empty: 2,
  /** No later answer looks at what it writes. */
  unobserved: 3,
  harmless: 4,
  /** A later answer waits for another content, before it and after. */
  useless: 5,
  /** It takes away what a later answer needs. */
  harmful: 6,
} as const

/** Added where some revision asks for this very content. */
const pinnedElsewhere = 0.5

export function offerChoice(
  best: BestChoice,
  search: PlanSearch,
  frame: Frame,
  choice: Choice,
): void {
  const rank = rankOf(search, frame, choice)
  if (rank >= best.rank) return
  best.rank = rank
  best.choice = choice
}

/** The rank of its worst write. */
function rankOf(search: PlanSearch, frame: Frame, { op, writes }: Choice): number {
  if (op < 0) return ranks.empty
  const { timeline, store } = search
  let worst = 0
  for (const { key, cell } of writes) {
    const next = nextNode(timeline, key, frame.node)
    const wanted = opAt(search, next)
    const before = lookAhead(wanted, key, cellOf(store, key), store)
    const after = lookAhead(wanted, key, cell, store)
    worst = Math.max(worst, rankOfWrite(before, after, next))
  }
  const isDue = (search.deadlines[op] ?? Infinity) < Infinity && worst < ranks.useless
  if (isDue) return Math.min(worst, ranks.due)
  return worst + (search.isPinnedContent[op] === 1 ? pinnedElsewhere : 0)
}

function rankOfWrite(before: LookAhead, after: LookAhead, next: number): number {
  if (after === 'unmet') return before === 'unmet' ? ranks.useless : ranks.harmful
  if (before === 'unmet') return ranks.awaited + 1 - 1 / (1 + next)
  return after === 'anything' ? ranks.unobserved : ranks.harmless
}

/** Whether the next operation on the key accepts what the key holds now. */
export function lookAheadAt(search: PlanSearch, frame: Frame, key: number): LookAhead {
  const next = nextNode(search.timeline, key, frame.node)
  return lookAhead(opAt(search, next), key, cellOf(search.store, key), search.store)
}

function opAt(search: PlanSearch, node: number): EtcdOp | undefined {
  return search.ops[search.nodes[node] ?? -1]
}
