import type { Operation } from '../../history/operations.ts'
import { canonical } from '../register/models/values.ts'

/** What is known of the adds of one element; positions are indexes into `History.events`. */
export interface Addition {
  readonly element: unknown
  /** The earliest invocation that may have added it; -1 when the set holds it at first. */
  readonly invokeIndex: number
  /** When the first acknowledged add of it completed; Infinity without one. */
  readonly doneIndex: number
}

/** By the canonical text of the element. */
export type Additions = ReadonlyMap<string, Addition>

export function additionsOf(adds: readonly Operation[], initial: readonly unknown[]): Additions {
  const additions = new Map<string, Addition>()
  for (const element of initial) {
    additions.set(canonical(element), { element, invokeIndex: -1, doneIndex: -1 })
  }
  for (const { outcome, invoke, invokeIndex, completeIndex } of adds) {
    if (outcome === 'fail') continue
    const id = canonical(invoke.value)
    const before = additions.get(id)
    additions.set(id, {
      element: invoke.value,
      invokeIndex: before?.invokeIndex ?? invokeIndex,
      doneIndex: Math.min(before?.doneIndex ?? Number.POSITIVE_INFINITY, completeIndex),
    })
  }
  return additions
}

/** A read that answered, and what it answered. */
export interface SetRead {
  readonly operation: Operation
  readonly ids: ReadonlySet<string>
  /**
   * It happened after this event at the earliest: its own invocation, or that of the add of an
   * element that it saw.
   */
  readonly afterIndex: number
}

/** Undefined when the answer says nothing. */
export function readOf(operation: Operation, additions: Additions): SetRead | undefined {
  const value = operation.completion?.value
  if (operation.outcome !== 'ok' || !Array.isArray(value)) return undefined
  const ids = new Set(value.map(canonical))
  let afterIndex = operation.invokeIndex
  for (const id of ids) {
    afterIndex = Math.max(afterIndex, additions.get(id)?.invokeIndex ?? -1)
  }
  return { operation, ids, afterIndex }
}
