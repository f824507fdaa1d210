import type { Operation } from '../../history/operations.ts'
import type { Transaction } from '../../history/request.ts'
import { shorten } from '../verdict/format.ts'
import type { AppliedEntry } from './replay.ts'
import type { KeyVersion } from './store.ts'
import type { StepResult } from './transaction.ts'

/** How an answer differs from what the logs give. */
export interface AnswerDifference {
  readonly code: 'wrong-revision' | 'wrong-answer'
  /** `revision 7`, `that the key was missing`. */
  readonly answered: string
  readonly logged: string
}

/** Undefined when the entry gives what the client received; what an answer lacks asserts nothing. */
export function findDifference(
  { f, invoke, completion }: Operation,
  applied: AppliedEntry,
): AnswerDifference | undefined {
  const { error, entry } = applied
  if (error !== undefined) return wrongAnswer('success', `that etcd refuses it: ${error}`)
  const { revision, deleted, prev } = (completion ?? {}) as Readonly<Record<string, unknown>>
  if (typeof revision === 'number' && revision !== applied.revision) {
    return {
      code: 'wrong-revision',
      answered: `revision ${revision}`,
      logged: `revision ${applied.revision} for entry ${entry.index}`,
    }
  }
  if (f === 'delete' && typeof deleted === 'number' && deleted !== applied.deleted) {
    return wrongAnswer(`${deleted} deleted`, `${applied.deleted} deleted`)
  }
  if (f === 'txn') return findTxnDifference(invoke.value as Transaction, completion, applied)
  if (f === 'cas' && (completion?.applied ?? true) !== applied.succeeded) {
    return wrongAnswer(formatBranch(!applied.succeeded), formatBranch(applied.succeeded))
  }
  return prev === undefined || applied.previous === undefined
    ? undefined
    : findCellDifference(cellOfState(prev), applied.previous)
}

function findTxnDifference(
  { then, else: otherwise }: Transaction,
  completion: Operation['completion'],
  { succeeded, results = [] }: AppliedEntry,
): AnswerDifference | undefined {
  const { applied, value } = completion ?? {}
  if (applied === undefined) return undefined
  if (applied !== succeeded) return wrongAnswer(formatBranch(applied), formatBranch(succeeded))
  if (!Array.isArray(value)) return undefined
  const steps = applied ? then : otherwise
  for (const [at] of steps.entries()) {
    const found = findStepDifference(value[at], results[at])
    if (found !== undefined) return found
  }
  return undefined
}

const formatBranch = (succeeded: boolean | undefined) =>
  succeeded ? 'that its conditions held' : 'that its conditions did not hold'

function findStepDifference(answer: unknown, result?: StepResult): AnswerDifference | undefined {
  if (result?.kind === 'delete' && typeof answer === 'number' && answer !== result.deleted) {
    return wrongAnswer(`${answer} deleted`, `${result.deleted} deleted`)
  }
  if (result?.kind !== 'range' || !Array.isArray(answer)) return undefined
  return findCellDifference({ value: answer[0], mod: answer[1] }, result.key)
}

/** A key as an answer shows it; what is undefined was not shown. */
export interface AnsweredCell {
  readonly value: unknown
  readonly mod: unknown
}

function cellOfState(prev: unknown): AnsweredCell {
  if (typeof prev !== 'object' || prev === null) return { value: null, mod: 0 }
  const { value, modRevision } = prev as Record<string, unknown>
  return { value, mod: modRevision }
}

export function findCellDifference(
  { value, mod }: AnsweredCell,
  version: KeyVersion,
): AnswerDifference | undefined {
  const isOtherValue = value !== undefined && value !== version.value
  const isOtherMod = typeof mod === 'number' && mod !== modOf(version)
  if (!isOtherValue && !isOtherMod) return undefined
  return wrongAnswer(formatCell(value, mod), formatCell(version.value, modOf(version)))
}

export function modOf({ value, revision }: KeyVersion): number {
  return value === null ? 0 : revision
}

function formatCell(value: unknown, mod: unknown): string {
  if (value === null) return 'a missing key'
  const shown = value === undefined ? 'a key' : shorten(JSON.stringify(value))
  return typeof mod === 'number' ? `${shown} of modRevision ${mod}` : shown
}

function wrongAnswer(answered: string, logged: string): AnswerDifference {
  return { code: 'wrong-answer', answered, logged }
}
