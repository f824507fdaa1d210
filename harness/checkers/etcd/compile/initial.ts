import { InputError } from '../../../core/errors.ts'
import type { Cell } from '../operation.ts'
import { leaseOf } from './parts.ts'

/** What the store holds before the history. */
export interface Initial {
  readonly initialRevision: number
  readonly kvs: ReadonlyMap<string, Cell>
}

/**
 * The header's `initial`. Throws an InputError for one that is not
 * `{revision?, kvs?: {key: {value, modRevision, createRevision?, version?, lease?}}}`.
 */
export function readInitial(initial: unknown): Initial {
  if (initial === undefined || initial === null) {
    return { initialRevision: -1, kvs: new Map() }
  }
  if (typeof initial !== 'object' || Array.isArray(initial)) throw badInitial(initial)
  const { revision, kvs = {} } = initial as { revision?: unknown; kvs?: unknown }
  const isRevision =
    revision === undefined || (Number.isSafeInteger(revision) && Number(revision) >= 0)
  if (!isRevision || typeof kvs !== 'object' || kvs === null || Array.isArray(kvs)) {
    throw badInitial(initial)
  }
  const cells = Object.entries(kvs).map(([key, kv]) => {
    const newest = typeof revision === 'number' ? revision : Number.MAX_SAFE_INTEGER
    const cell = cellFrom(kv, newest)
    if (cell === undefined) throw badInitial(initial)
    return [key, cell] as const
  })
  const initialRevision = typeof revision === 'number' ? revision : -1
  return { initialRevision, kvs: new Map(cells) }
}

/** Undefined when it is no content of a key at this revision. */
function cellFrom(kv: unknown, newest: number): Cell | undefined {
  const { value, modRevision, createRevision, version, lease } = (kv ?? {}) as Fields
  if (typeof value !== 'string' || !isCount(modRevision, newest)) return undefined
  const create = createRevision ?? -1
  const puts = version ?? -1
  if (create !== -1 && !isCount(create, modRevision)) return undefined
  if (puts !== -1 && !isCount(puts, modRevision)) return undefined
  return { value, mod: modRevision, version: puts, create, lease: leaseOf(lease) }
}

type Fields = Readonly<Record<string, unknown>>

function isCount(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= most
}

function badInitial(initial: unknown): InputError {
  const got = JSON.stringify(initial).slice(0, 80)
  return new InputError(
    `Expected \`initial\` to be {revision, kvs: {key: {value, modRevision}}}, got ${got}`,
  )
}
