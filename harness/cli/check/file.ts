import type { Verdict } from '../../checkers/checker.ts'
import { GauntletError, messageOf } from '../../core/errors.ts'
import type { FilePlace } from '../../history/formats/format.ts'
import { operations } from '../../history/join.ts'
import type { Operation, OperationEvent } from '../../history/operations.ts'
import { readInput } from './input.ts'
import type { CheckInputFile, ReadingOptions } from './input-file.ts'

export interface CheckOptions extends ReadingOptions {
  readonly timeoutS: number
  readonly json?: boolean
}

/** One operation, to be found in the file as the user wrote it, or in `file` beside that. */
export interface Place extends FilePlace {
  readonly file?: string
  readonly invoke: OperationEvent
  readonly completion?: OperationEvent
}

/** One file's judgement; `unreadable` when it could not be read at all. */
export interface FileVerdict {
  readonly file: string
  readonly verdict: Verdict['verdict'] | 'unreadable'
  readonly operations: number
  /** How many facts could have shown a violation, as docs/CHECKERS.md counts them. */
  readonly factsJudged: number
  readonly ms: number
  readonly reason?: string
  /** Of an invalid verdict: its checker's code, as in docs/CHECKERS.md. */
  readonly code?: string
  /** What was odd about the file; it changed nothing. */
  readonly warnings?: readonly string[]
  readonly evidence?: Verdict['evidence']
  /** The operation that could not be placed. */
  readonly culprit?: Place
  /** The last of those that could be placed before it, in their order. */
  readonly placed?: readonly Place[]
  /** Others that it is about: those still open then, or whose effect its answer contradicts. */
  readonly alsoInvolved?: readonly Place[]
}

const shown = 5

/**
 * Reads and judges one file. A file that cannot be read is a verdict too; so is a checker that
 * fails: `unknown`, with what it threw, so that the other files are still judged.
 */
export async function checkFile(file: string, options: CheckOptions): Promise<FileVerdict> {
  const startedMs = performance.now()
  const elapsedMs = () => Math.round(performance.now() - startedMs)
  const without = (verdict: 'unreadable' | 'unknown', reason: string): FileVerdict => {
    return { file, verdict, operations: 0, factsJudged: 0, ms: elapsedMs(), reason }
  }
  let input: CheckInputFile | undefined
  try {
    input = await readInput(file, options)
    const leftMs = Math.max(0, options.timeoutS * 1_000 - elapsedMs())
    const { verdict, operations = 0, factsJudged, reason, code, evidence } = input.judge(leftMs)
    return {
      file,
      verdict,
      operations,
      factsJudged,
      ...(reason !== undefined && { reason }),
      ...(code !== undefined && { code }),
      ...(evidence !== undefined && { evidence }),
      ms: elapsedMs(),
      ...warningsOf(input),
      ...placesOf(input, evidence),
    }
  } catch (thrown) {
    const reason = messageOf(thrown)
    if (!(thrown instanceof GauntletError)) {
      return without('unknown', `${file}: the checker itself failed, please report it: ${reason}`)
    }
    const isNamed = reason.startsWith(file) || thrown.fields.file !== undefined
    return without('unreadable', isNamed ? reason : `${startOf(file, thrown, input)}: ${reason}`)
  }
}

function warningsOf({ warnings }: CheckInputFile): Pick<FileVerdict, 'warnings'> {
  return warnings.length === 0 ? {} : { warnings }
}

function placesOf(
  { history, placeOf }: CheckInputFile,
  evidence: FileVerdict['evidence'],
): Pick<FileVerdict, 'culprit' | 'placed' | 'alsoInvolved'> {
  if (evidence === undefined) return {}
  const byInvocation = new Map(operations(history).map((each) => [each.invokeIndex, each]))
  const place = (index: number): Place[] => {
    const operation = byInvocation.get(index)
    return operation === undefined ? [] : [locate(operation, placeOf)]
  }
  const [culprit] = evidence.culprit === undefined ? [] : place(evidence.culprit)
  const last = (evidence.prefix ?? []).slice(-shown)
  const named = new Set([...last, evidence.culprit])
  const others = (evidence.involved ?? []).filter((index) => !named.has(index))
  return {
    ...(culprit !== undefined && { culprit }),
    ...(evidence.prefix && { placed: last.flatMap(place) }),
    ...(others.length > 0 && { alsoInvolved: others.slice(-shown).flatMap(place) }),
  }
}

function locate(
  { invoke, completion, invokeIndex }: Operation,
  placeOf: CheckInputFile['placeOf'],
): Place {
  return { ...placeOf(invokeIndex), invoke, ...(completion !== undefined && { completion }) }
}

function startOf(file: string, { fields }: GauntletError, input?: CheckInputFile): string {
  if (typeof fields.event !== 'number' || input === undefined) return file
  return `${file}:${input.placeOf(fields.event).line}`
}
