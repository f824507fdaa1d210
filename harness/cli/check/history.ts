import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { readHistoryFile } from '../../history/codec.ts'
import { readWholeText } from '../../history/files/input.ts'
import type { FilePlace, HistoryFormat } from '../../history/formats/format.ts'
import { splitByKey } from '../../history/formats/jepsen/independent-keys.ts'
import { type HistoryEvent, isOperation } from '../../history/operations.ts'
import { judgeWithoutInitial } from './initial-hint.ts'
import type { CheckInputFile, ReadingOptions } from './input-file.ts'
import { isLongHistory, readLongHistory } from './long-history.ts'

/** A file of ours. One that is long is judged while it is read. */
export async function readOwnHistory(
  file: string,
  options: ReadingOptions,
): Promise<CheckInputFile> {
  const { model } = options
  if (await isLongHistory(file, model)) return readLongHistory(file, options)
  const { header, events, warnings } = await readHistoryFile(file, model ? { model } : {})
  const isRegister = (model ?? header.model) === 'cas-register'
  const split = isRegister && events.some(isNoCas) ? splitByKey(events) : undefined
  const pairs = `${file}: all values are [key, value], as independent keys: judged by key`
  return historyInput(
    {
      history: { header, events: split ?? events },
      warnings: split === undefined ? warnings : [...warnings, pairs],
      placeOf: placeInOwn,
    },
    options,
  )
}

/** A cas alone cannot tell `[key, [old, new]]` from `[old, new]` where `new` is a pair. */
function isNoCas(event: HistoryEvent): boolean {
  return isOperation(event) && event.f !== 'cas'
}

/** A file of another program. */
export async function readForeignHistory(
  file: string,
  format: HistoryFormat,
  options: ReadingOptions,
): Promise<CheckInputFile> {
  const { history, places, warnings } = format.read(await readWholeText(file), file)
  const placeOf = (event: number) => places[event] ?? { line: 1 }
  const input = historyInput({ history, warnings, placeOf }, options)
  if (options.initial !== undefined) return input
  return { ...input, judge: (timeoutMs) => judgeWithoutInitial(history, timeoutMs) }
}

function historyInput(
  input: Omit<CheckInputFile, 'judge'>,
  { model, initial }: ReadingOptions,
): CheckInputFile {
  return {
    ...input,
    judge: (timeoutMs) =>
      judgeHistory(input.history, {
        ...(model !== undefined && { model }),
        ...(initial !== undefined && { initial: initial.value }),
        timeoutMs,
      }),
  }
}

/** The header is line 1. */
export function placeInOwn(event: number): FilePlace {
  return { line: event + 2 }
}
