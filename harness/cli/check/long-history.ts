import { stat } from 'node:fs/promises'
import { createLongChecker } from '../../checkers/etcd/long/check-long.ts'
import type { LongVerdict } from '../../checkers/etcd/long/run.ts'
import { scanHistoryFile } from '../../history/codec.ts'
import { readBeginning } from '../../history/files/input.ts'
import { isCompressed } from '../../history/files/text.ts'
import { type HistoryHeader, isOperation, type Model } from '../../history/operations.ts'
import type { CheckInputFile, ReadingOptions } from './input-file.ts'

/** Files from this size on are not held whole; a compressed one is some ten times as large. */
const longBytes = 64 * 2 ** 20
const longCompressedBytes = longBytes / 10

/** Whether a file is a history of etcd that is judged in parts while it is read. */
export async function isLongHistory(file: string, model: Model | undefined): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  const least = isCompressed(file) ? longCompressedBytes : longBytes
  if (found === undefined || found.size < least) return false
  return (
    (model ?? (isCompressed(file) ? 'etcd' : modelOf((await readBeginning(file)).toString()))) ===
    'etcd'
  )
}

function modelOf(beginning: string): unknown {
  return /^\uFEFF?\s*\{[^\n]*?"model"\s*:\s*"([^"]*)"/.exec(beginning)?.[1]
}

/**
 * Reads and judges at once, in memory that does not grow with the file: docs/CHECKERS.md says what
 * such a verdict needs. The input has the part of the history that the verdict is about.
 */
export async function readLongHistory(
  file: string,
  { model, initial, timeoutS = Infinity }: ReadingOptions,
): Promise<CheckInputFile> {
  const warnings: string[] = []
  let checker: ReturnType<typeof createLongChecker> | undefined
  let found: LongVerdict | undefined
  let index = 0
  const start = (header: HistoryHeader) =>
    createLongChecker(
      { ...header, model: 'etcd', ...(initial !== undefined && { initial: initial.value }) },
      { timeoutMs: timeoutS * 1_000 },
    )
  await scanHistoryFile(
    file,
    {
      header: (header) => {
        checker = start(header)
      },
      event: (event) => {
        if (isOperation(event)) found ??= checker?.add(event, index)
        index++
      },
      warning: (text) => warnings.push(text),
    },
    model === undefined ? {} : { model },
  )
  const { verdict, window } = found ?? (checker as NonNullable<typeof checker>).end()
  return {
    history: window.history,
    warnings,
    placeOf: (event) => ({ line: (window.places[event] ?? 0) + 2 }),
    judge: () => verdict,
  }
}
