import type { OperationEvent } from '../../../history/operations.ts'
import { mayBeStale } from '../../../history/stale.ts'

/** An acknowledged operation that has its slot (see `slots.ts`), with its place in the whole history. */
export interface PlacedOperation {
  readonly invoke: OperationEvent
  readonly completion: OperationEvent
  readonly invokeIndex: number
  readonly completeIndex: number
  readonly slot: number
}

/** One whose outcome is unknown: it may happen at any revision above the one that it was sent at. */
export interface UnknownOperation {
  readonly invoke: OperationEvent
  readonly invokeIndex: number
  /** The least slot that real time allows. */
  readonly lowest: number
}

/** What one event of a history means; `outOfOrder`: the second should have seen the first. */
export type Arrival =
  | { readonly kind: 'placed'; readonly operation: PlacedOperation }
  | { readonly kind: 'unknown'; readonly operation: UnknownOperation }
  | { readonly kind: 'outOfOrder'; readonly operations: readonly PlacedOperation[] }
  | { readonly kind: 'unplaced'; readonly index: number; readonly what: string }

interface OpenOperation extends UnknownOperation {
  readonly lowestBy: PlacedOperation | undefined
}

/**
 * Joins invocations with completions as they come, and gives each answer its slot. Nothing that comes
 * later has a slot below `watermark()`, but for stale reads, and for what `forget` left out.
 */
export function createArrivals(start: number) {
  const open = new Map<number, OpenOperation>()
  const forgotten = new Map<number, OpenOperation>()
  let highest = 2 * start + 1
  let highestBy: PlacedOperation | undefined
  const complete = (
    begun: OpenOperation,
    completion: OperationEvent,
    index: number,
  ): Arrival | undefined => {
    const { invoke, invokeIndex, lowest, lowestBy } = begun
    const what = findObstacle(invoke, completion)
    const slot = slotOfAnswer(invoke, completion)
    if (slot === undefined || what !== undefined) {
      return { kind: 'unplaced', index: invokeIndex, what: what ?? 'an answer names no revision' }
    }
    if (slot < 0) return undefined
    const operation = { invoke, completion, invokeIndex, completeIndex: index, slot }
    if (slot > highest) {
      highest = slot
      highestBy = operation
    }
    if (slot >= lowest || isStale(invoke)) return { kind: 'placed', operation }
    const operations = lowestBy === undefined ? [operation] : [lowestBy, operation]
    return { kind: 'outOfOrder', operations }
  }
  return {
    add: (event: OperationEvent, index: number): Arrival | undefined => {
      const { process, type } = event
      const begun = open.get(process)
      if (type === 'invoke') {
        forgotten.delete(process)
        open.set(process, {
          invoke: event,
          invokeIndex: index,
          lowest: highest,
          lowestBy: highestBy,
        })
        return begun === undefined ? undefined : { kind: 'unknown', operation: begun }
      }
      open.delete(process)
      const late = forgotten.get(process)
      forgotten.delete(process)
      if (late !== undefined && begun === undefined && type !== 'info') {
        const what = 'an operation was open while very many others completed'
        return { kind: 'unplaced', index: late.invokeIndex, what }
      }
      if (begun === undefined || type === 'fail') return undefined
      if (type === 'info') return { kind: 'unknown', operation: begun }
      return complete(begun, event, index)
    },
    watermark: () => {
      let least = highest
      for (const { lowest } of open.values()) least = Math.min(least, lowest)
      return least
    },
    /** Takes those that are open since before this slot for unknown ones, until they complete. */
    forget: (slot: number): UnknownOperation[] => {
      const old = [...open].filter(([, { lowest }]) => lowest < slot)
      for (const [process, operation] of old) {
        open.delete(process)
        forgotten.set(process, operation)
      }
      return old.map(([, operation]) => operation)
    },
    /** Those that never completed. */
    rest: (): UnknownOperation[] => [...open.values()],
  }
}

export function isStale(invoke: OperationEvent): boolean {
  return mayBeStale(invoke) || Number(invoke.atRevision ?? 0) > 0
}

/** What depends on more of the past than the content of keys at one revision. */
function findObstacle({ f, value: asked }: OperationEvent, { value }: OperationEvent) {
  if (f === 'compact' || f === 'revoke') return `a ${f} looks at more than the keys' content`
  if (f === 'range' && Array.isArray(value) && value[0]?.length > 3) return 'a range shows versions'
  if (f !== 'txn') return undefined
  const { compare } = asked as { readonly compare: readonly (readonly unknown[])[] }
  const looksBack = compare.some(([, target]) => target === 'version' || target === 'create')
  return looksBack ? 'a transaction compares versions or creations' : undefined
}

/** Below 0 = it asserts nothing; undefined = its answer names no place. */
function slotOfAnswer(invoke: OperationEvent, completion: OperationEvent): number | undefined {
  const { f, atRevision } = invoke
  if (f === 'txn' && isStale(invoke)) return -1
  const { revision } = completion
  if (typeof atRevision === 'number' && atRevision > 0) return 2 * atRevision + 1
  if (revision === undefined) return undefined
  const writes = doesAnswerWrite(invoke, completion)
  return writes === undefined ? undefined : 2 * revision + (writes ? 0 : 1)
}

function doesAnswerWrite(invoke: OperationEvent, completion: OperationEvent): boolean | undefined {
  const { f, value } = invoke
  if (f === 'put') return true
  if (f === 'delete') return completion.deleted === undefined ? undefined : completion.deleted > 0
  if (f === 'cas') return completion.applied !== false
  if (f !== 'txn') return f === 'revoke' ? undefined : false
  const { applied } = completion
  if (applied === undefined) return undefined
  const branches = value as Record<'then' | 'else', readonly (readonly string[])[]>
  const steps = branches[applied ? 'then' : 'else']
  if (steps.some(([what]) => what === 'put')) return true
  const results = Array.isArray(completion.value) ? completion.value : []
  const deletes = steps.flatMap(([what], at) => (what === 'delete' ? [results[at]] : []))
  if (deletes.some((found) => found === 1)) return true
  return deletes.every((found) => found === 0) ? false : undefined
}
