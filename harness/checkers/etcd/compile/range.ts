import type { Operation } from '../../../history/operations.ts'
import { compareBytes } from '../model.ts'
import type { CellAnswer, EtcdOp, RangeAnswer } from '../operation.ts'
import { addOp, blankOp, cellAnswerOf, findTornCell, type KeyTable, keyId } from './parts.ts'

const unbounded = '\u0000'

/**
 * A range is one read of all keys within its bounds. One at an earlier revision is two: a read of
 * that past state, and a moment in the present whose revision was answered.
 */
export function compileRange(
  operation: Operation,
  table: KeyTable,
  bounds: Map<string, readonly number[]>,
  ops: EtcdOp[],
): void {
  const blank = { ...blankOp(operation, ops.length), f: 'range' as const }
  if (!blank.isKnown) return
  const range = answerOf(operation, table, bounds)
  const impossible = findImpossibleRange(operation)
  const at = operation.invoke.atRevision
  if (typeof at !== 'number' || at <= 0) {
    addOp(ops, { ...blank, range, impossible })
    return
  }
  const isAhead = blank.revision >= 0 && at > blank.revision
  const ahead = `it answered for revision ${at} when the store was at ${blank.revision}`
  addOp(ops, {
    ...blank,
    range,
    revision: at,
    isStale: true,
    impossible: isAhead ? ahead : impossible,
  })
  addOp(ops, { ...blank, id: ops.length })
}

function answerOf(
  { invoke, completion }: Operation,
  table: KeyTable,
  bounds: Map<string, readonly number[]>,
): RangeAnswer | undefined {
  const count = completion?.count
  const listed = Array.isArray(completion?.value) ? completion.value : undefined
  if (listed === undefined && typeof count !== 'number') return undefined
  const keys = keysWithin(invoke.key ?? '', invoke.end, table, bounds)
  const more = completion?.more
  const limit = typeof invoke.limit === 'number' ? invoke.limit : 0
  const isCut = more === true || (more === undefined && limit > 0 && (listed?.length ?? 0) >= limit)
  const last = String(listed?.at(-1)?.[0] ?? '')
  const behind = keys.findIndex((id) => compareBytes(table.names[id] ?? '', last) > 0)
  const covered = !isCut || behind < 0 ? keys.length : behind
  return {
    keys,
    items: listed && itemsOf(listed, invoke.keysOnly === true, table),
    covered: isCut && listed?.length === 0 ? 0 : covered,
    count: typeof count === 'number' ? count : -1,
    hasMore: more === true,
    isShared: table.hasForeignWrites && typeof invoke.end === 'string',
  }
}

function itemsOf(
  listed: readonly (readonly unknown[])[],
  isKeysOnly: boolean,
  table: KeyTable,
): Map<number, CellAnswer> {
  const items = new Map<number, CellAnswer>()
  for (const [name, value, ...metadata] of listed) {
    const id = table.ids.get(String(name))
    if (id !== undefined) items.set(id, cellAnswerOf([isKeysOnly ? undefined : value, ...metadata]))
  }
  return items
}

function keysWithin(
  from: string,
  end: unknown,
  table: KeyTable,
  bounds: Map<string, readonly number[]>,
): readonly number[] {
  if (typeof end !== 'string') return [keyId(table, from)]
  const cacheKey = JSON.stringify([from, end])
  const cached = bounds.get(cacheKey)
  if (cached !== undefined) return cached
  const within = [...table.ids]
    .filter(([name]) => isWithin(name, from, end))
    .sort(([one], [other]) => compareBytes(one, other))
    .map(([, id]) => id)
  bounds.set(cacheKey, within)
  return within
}

function isWithin(name: string, from: string, end: unknown): boolean {
  if (typeof end !== 'string') return name === from
  return compareBytes(name, from) >= 0 && (end === unbounded || compareBytes(name, end) < 0)
}

/** Out of bounds, out of order, twice, or contradicting itself. */
function findImpossibleRange(operation: Operation): string | undefined {
  const { invoke, completion } = operation
  const listed = Array.isArray(completion?.value) ? completion.value : []
  const names = listed.map((item) => String(item[0]))
  const from = invoke.key ?? ''
  const outside = names.find((name) => !isWithin(name, from, invoke.end))
  if (outside !== undefined) return `it listed ${outside}, which is not within its bounds`
  const unordered = names.find((name, at) => at > 0 && compareBytes(names[at - 1] ?? '', name) >= 0)
  if (unordered !== undefined) return `it listed ${unordered} out of order`
  const torn = listed.map(([, value, mod]) => findTornCell(value, mod)).find((problem) => problem)
  if (torn !== undefined) return torn
  return findMiscount(operation)
}

/** Too many, or a list, a count and a `more` of which one refutes another. */
function findMiscount({ invoke, completion }: Operation): string | undefined {
  const limit = typeof invoke.limit === 'number' && invoke.limit > 0 ? invoke.limit : Infinity
  const listed = Array.isArray(completion?.value) ? completion.value.length : undefined
  const [count, more] = [completion?.count, completion?.more]
  if (listed !== undefined && listed > limit) {
    return `it listed ${listed} keys with a limit of ${limit}`
  }
  if (typeof count === 'number') {
    if (listed !== undefined && listed !== Math.min(limit, count)) {
      return `it listed ${listed} keys and counted ${count}`
    }
    if (count > 1 && invoke.end === undefined) return `it counted ${count} keys where it named one`
    if (typeof more === 'boolean' && more !== count > limit) {
      return `it said \`more\`: ${more} of ${count} keys with a limit of ${limit}`
    }
  }
  if (more === true && (limit === Infinity || (listed !== undefined && listed < limit))) {
    return `it said that there are more than the ${listed ?? 'unlimited'} keys that it listed`
  }
  return undefined
}
