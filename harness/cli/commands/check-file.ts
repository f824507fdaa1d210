import type { Verdict } from '../../checkers/checker.ts'
import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { GauntletError, messageOf } from '../../core/errors.ts'
import { operations, type ParsedHistory, readHistoryFile } from '../../history/codec.ts'
import type { Model, Operation, OperationEvent } from '../../history/operations.ts'

export interface CheckOptions {
  readonly model?: Model
  readonly initial?: { readonly value: unknown }
  readonly timeoutS: number
  readonly json?: boolean
}

/** One operation of the file, to be found there: the header is line 1. */
export interface Place {
  readonly line: number
  readonly invoke: OperationEvent
  readonly completion?: OperationEvent
}

/** One file's judgement; `unreadable` when it could not be read at all. */
export interface FileVerdict {
  readonly file: string
  readonly verdict: Verdict['verdict'] | 'unreadable'
  readonly operations: number
  readonly ms: number
  readonly reason?: string
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
    return { file, verdict, operations: 0, ms: elapsedMs(), reason }
  }
  try {
    const history = await readHistoryFile(file, options.model ? { model: options.model } : {})
    const leftMs = Math.max(0, options.timeoutS * 1_000 - elapsedMs())
    const verdict = judge(history, { ...options, timeoutS: leftMs / 1_000 })
    return {
      file,
      ...verdict,
      ms: elapsedMs(),
      ...warningsOf(history),
      ...placesOf(history, verdict),
    }
  } catch (thrown) {
    const reason = messageOf(thrown)
    if (!(thrown instanceof GauntletError)) {
      return without('unknown', `${file}: the checker itself failed, please report it: ${reason}`)
    }
    return without(
      'unreadable',
      reason.startsWith(file) ? reason : `${placeOf(file, thrown)}: ${reason}`,
    )
  }
}

function judge(history: ParsedHistory, { model, initial, timeoutS }: CheckOptions) {
  const {
    verdict,
    operations = 0,
    reason,
    evidence,
  } = judgeHistory(history, {
    ...(model !== undefined && { model }),
    ...(initial !== undefined && { initial: initial.value }),
    timeoutMs: timeoutS * 1000,
  })
  return {
    verdict,
    operations,
    ...(reason !== undefined && { reason }),
    ...(evidence !== undefined && { evidence }),
  }
}

function warningsOf({ warnings }: ParsedHistory): Pick<FileVerdict, 'warnings'> {
  return warnings.length === 0 ? {} : { warnings }
}

function placesOf(
  history: ParsedHistory,
  { evidence }: Pick<FileVerdict, 'evidence'>,
): Pick<FileVerdict, 'culprit' | 'placed' | 'alsoInvolved'> {
  if (evidence === undefined) return {}
  const byInvocation = new Map(operations(history).map((each) => [each.invokeIndex, each]))
  const place = (index: number): Place[] => {
    const operation = byInvocation.get(index)
    return operation === undefined ? [] : [locate(operation)]
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

function locate({ invoke, completion, invokeIndex }: Operation): Place {
  return { line: invokeIndex + 2, invoke, ...(completion !== undefined && { completion }) }
}

function placeOf(file: string, { fields }: GauntletError): string {
  return typeof fields.event === 'number' ? `${file}:${fields.event + 2}` : file
}
