import type { OperationEvent } from '../../../history/operations.ts'
import { compareBytes } from '../model.ts'
import { isStale, type PlacedOperation, type UnknownOperation } from './arrivals.ts'

/**
 * The last revision below `watermark` at which the answers alone decide the whole store: since the
 * last revision that no acknowledged operation created, an answer has shown or written every key
 * that an operation of unknown outcome may have changed. Undefined when there is none.
 *
 * `sorted` comes by slot; the store is known at `start` (-1: it is not known when the history began).
 */
export function findCertainCut(
  sorted: readonly PlacedOperation[],
  unknown: readonly UnknownOperation[],
  { start, watermark }: { readonly start: number; readonly watermark: number },
): number | undefined {
  const suspects = new Set(unknown.flatMap(({ invoke }) => keysChanged(invoke)))
  let open = new Set(start < 0 ? suspects : [])
  let created = start < 0 ? firstRevision(sorted) - 1 : start
  let cut: number | undefined
  for (const [at, { invoke, completion, slot }] of sorted.entries()) {
    if (slot >= watermark) break
    const revision = Math.floor(slot / 2)
    if (revision > created + 1 || (revision > created && slot % 2 === 1)) open = new Set(suspects)
    created = Math.max(created, revision)
    if (open.size > 0 && !isStale(invoke)) {
      for (const key of keysDecided(invoke, completion, open)) open.delete(key)
    }
    const next = sorted[at + 1]?.slot ?? watermark
    if (open.size === 0 && next > 2 * created + 1 && created > start) cut = created
  }
  return cut
}

function firstRevision([first]: readonly PlacedOperation[]): number {
  return Math.floor((first?.slot ?? 0) / 2)
}

/** All keys that the request may change. */
function keysChanged({ f, key = '', value }: OperationEvent): string[] {
  if (f === 'put' || f === 'delete' || f === 'cas') return [key]
  if (f !== 'txn') return []
  const branches = value as Record<'then' | 'else', readonly (readonly string[])[]>
  const steps = [...branches.then, ...branches.else]
  return steps.flatMap(([what, name = '']) => (what === 'get' ? [] : [name]))
}

/** Those of these keys whose content and mod revision the answer shows or makes. */
function keysDecided(
  invoke: OperationEvent,
  completion: OperationEvent,
  keys: ReadonlySet<string>,
): readonly string[] {
  const { f, key = '' } = invoke
  const { value, applied, modRevision } = completion
  if (f === 'put' || f === 'delete') return [key]
  if (f === 'get') return value === null || modRevision !== undefined ? [key] : []
  if (f === 'cas') return applied === false ? [] : [key]
  if (f === 'range') return isWholeList(invoke, value) ? keysWithin(invoke, keys) : []
  if (f !== 'txn' || applied === undefined || !Array.isArray(value)) return []
  const branches = invoke.value as Record<'then' | 'else', readonly (readonly string[])[]>
  return branches[applied ? 'then' : 'else'].map(([, name = '']) => name)
}

function isWholeList({ limit, keysOnly }: OperationEvent, value: unknown): boolean {
  return Array.isArray(value) && (limit ?? 0) === 0 && keysOnly !== true
}

function keysWithin({ key = '', end }: OperationEvent, keys: ReadonlySet<string>): string[] {
  if (end === undefined) return [key]
  return [...keys].filter(
    (name) => compareBytes(name, key) >= 0 && (end === '\0' || compareBytes(name, end) < 0),
  )
}
