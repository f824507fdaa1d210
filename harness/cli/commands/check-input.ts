import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Verdict } from '../../checkers/checker.ts'
import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { leaseChecker } from '../../checkers/lease.ts'
import { watchChecker } from '../../checkers/watch.ts'
import { InputError } from '../../core/errors.ts'
import { readHistoryFile } from '../../history/codec.ts'
import type { FilePlace } from '../../history/formats/format.ts'
import { splitByKey } from '../../history/formats/independent-keys.ts'
import { refuseNoHistory } from '../../history/formats/not-histories.ts'
import { foreignFormats, recognizeFormat } from '../../history/formats/registry.ts'
import { isRobustnessReport } from '../../history/formats/robustness/read-report.ts'
import { readBeginning, readWholeText } from '../../history/input-file.ts'
import { readLeaseLog } from '../../history/lease-log.ts'
import {
  type History,
  type HistoryEvent,
  isOperation,
  type Model,
} from '../../history/operations.ts'
import { readWatchLog } from '../../history/watch-log.ts'
import { isLongHistory, readLongHistory } from './check-long-history.ts'
import { judgeWithoutInitial } from './initial-hint.ts'

/** How a file is read, and what its history holds at first. */
export interface ReadingOptions {
  readonly format?: string
  readonly model?: Model
  readonly initial?: { readonly value: unknown }
  /** A history that is judged while it is read is given up after this long. */
  readonly timeoutS?: number
}

/** A file that was read: its history, where each event stands, and how it is judged. */
export interface CheckInputFile {
  readonly history: History
  readonly warnings: readonly string[]
  placeOf(event: number): FilePlace & { readonly file?: string }
  judge(timeoutMs: number): Verdict
}

type Reader = (file: string, options: ReadingOptions) => Promise<CheckInputFile>

/** The directory of a robustness test: the only format that is no file. */
const reportFormat = 'etcd-robustness'

/** Our own formats by name; those of other programs are in the registry of the history's formats. */
const ownReaders: Readonly<Record<string, Reader>> = {
  'gauntlet-history/1': readOwnHistory,
  'gauntlet-watch/1': readWatches,
  'gauntlet-watch/2': readWatches,
  'gauntlet-lease/1': readLeases,
  [reportFormat]: async (directory) => (await import('./check-report.ts')).readReport(directory),
}

/** What `--format` may be, with what each holds. */
export const formats: readonly { readonly name: string; readonly holds: string }[] = [
  { name: 'gauntlet-history/1', holds: 'our own, docs/HISTORY.md' },
  { name: 'gauntlet-watch/2', holds: 'what watchers received; with history.jsonl beside it' },
  { name: 'gauntlet-lease/1', holds: 'lease requests; needs history.jsonl beside it' },
  {
    name: reportFormat,
    holds: "the directory that etcd's robustness test leaves: client-N/…",
  },
  ...foreignFormats,
]

/** Reads one file by the given format, or by the one that its beginning shows. */
export async function readInput(file: string, options: ReadingOptions): Promise<CheckInputFile> {
  const isReport = options.format === undefined && (await isRobustnessReport(file))
  const given = isReport ? reportFormat : options.format
  const beginning = given === reportFormat ? Buffer.alloc(0) : await readBeginning(file)
  const name = given ?? formatOf(file, beginning)
  expectFittingOptions(file, name, options)
  const own = ownReaders[name]
  return own === undefined ? readForeign(file, name, options) : own(file, options)
}

/** A JSON object that no format recognizes is read as our own history, whose reader says what is wrong. */
function formatOf(file: string, beginning: Buffer): string {
  const text = beginning.toString()
  const own = /^\uFEFF?\s*\{[^\n]*?"format"\s*:\s*"(gauntlet-[a-z]+\/\d+)"/.exec(text)?.[1]
  if (own !== undefined) return own in ownReaders ? own : 'gauntlet-history/1'
  const foreign = recognizeFormat(text)?.name
  if (foreign === undefined) refuseNoHistory(file, beginning)
  return foreign ?? 'gauntlet-history/1'
}

function expectFittingOptions(file: string, name: string, { model, initial }: ReadingOptions) {
  const refuse = (option: string, wanted: string) => {
    throw new InputError(`${file}: Expected \`${option}\` with ${wanted} only, got ${name}`, {
      file,
    })
  }
  if (model !== undefined && name !== 'gauntlet-history/1') refuse('--model', 'gauntlet-history/1')
  const holdsNoRegister = /^(gauntlet-watch|gauntlet-lease|etcd-robustness)/.test(name)
  if (initial !== undefined && holdsNoRegister) refuse('--initial', 'histories')
}

async function readOwnHistory(file: string, options: ReadingOptions): Promise<CheckInputFile> {
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

async function readForeign(
  file: string,
  name: string,
  options: ReadingOptions,
): Promise<CheckInputFile> {
  const format = foreignFormats.find((each) => each.name === name)
  if (format === undefined) throw new RangeError(`Expected a known format, got ${name}`)
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
function placeInOwn(event: number): FilePlace {
  return { line: event + 2 }
}

async function readWatches(file: string): Promise<CheckInputFile> {
  const { warnings, ...watches } = await readWatchLog(file)
  const beside = await readBeside(file)
  const alone = `${file}: no history.jsonl beside it: not compared with what clients wrote`
  const header = { format: 'gauntlet-history/1', model: 'etcd', foreignWrites: true } as const
  const history = beside?.history ?? { header, events: [] }
  return {
    history,
    warnings: beside === undefined ? [...warnings, alone] : [...warnings, ...beside.warnings],
    placeOf: beside?.placeOf ?? placeInOwn,
    judge: () => watchChecker.check({ history, watches }),
  }
}

async function readLeases(file: string): Promise<CheckInputFile> {
  const { warnings, ...leases } = await readLeaseLog(file)
  const beside = await readBeside(file)
  if (beside === undefined) {
    const why = 'leases are judged by reads of their keys'
    throw new InputError(`${file}: Expected history.jsonl beside it, got none: ${why}`, { file })
  }
  const { history, placeOf } = beside
  return {
    history,
    warnings: [...warnings, ...beside.warnings],
    placeOf,
    judge: () => leaseChecker.check({ history, leases }),
  }
}

/** The etcd history in the same folder, as a scenario's directory has it. */
async function readBeside(file: string) {
  const path = join(dirname(file), 'history.jsonl')
  if (!existsSync(path)) return undefined
  const { warnings, ...history } = await readHistoryFile(path)
  const { model } = history.header
  if (model !== 'etcd') {
    throw new InputError(
      `${path}: Expected a history of the model etcd beside ${file}, got ${model}`,
    )
  }
  const placeOf = (event: number) => ({ file: path, ...placeInOwn(event) })
  return { history, warnings, placeOf }
}
