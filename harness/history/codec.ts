import { InputError } from '../core/errors.ts'
import { unreadableFile } from './files/input.ts'
import { openText } from './files/text.ts'
import {
  type History,
  type HistoryEvent,
  type HistoryHeader,
  isRecorded,
  type RecordedEvent,
} from './operations.ts'
import { parseBytes } from './parsing/bytes.ts'
import type { HistorySink, ParserOptions } from './parsing/line-parser.ts'
import { createParser } from './parsing/parser.ts'

export { operations } from './join.ts'

/** A history with what was odd about its file; warnings change no verdict. */
export interface ParsedHistory extends History {
  readonly warnings: readonly string[]
}

export type ReadOptions = Omit<ParserOptions, 'file'>

/**
 * Reads a history file whole. Throws an InputError naming file and line for anything that
 * docs/HISTORY.md does not allow, and for a file that cannot be read.
 */
export async function readHistoryFile(
  file: string,
  options: ReadOptions = {},
): Promise<ParsedHistory> {
  const collector = collect()
  await scanHistoryFile(file, collector.sink, options)
  return collector.history()
}

/** The part of a history before its first wrong line. */
export interface ReadablePart {
  readonly events: readonly HistoryEvent[]
  readonly warnings: readonly string[]
  /** Why reading stopped before the end: names the file and, for a wrong line, its number. */
  readonly problem?: InputError
}

/**
 * Reads a history up to its first wrong line, to show it: `f` may be any text. Never throws for the
 * file or its content.
 */
export async function readHistoryPart(file: string): Promise<ReadablePart> {
  const events: HistoryEvent[] = []
  const warnings: string[] = []
  const sink: HistorySink = {
    header: () => {},
    event: (event) => events.push(event),
    warning: (text) => warnings.push(text),
  }
  try {
    await scanHistoryFile(file, sink, { anyOperation: true })
    return { events, warnings }
  } catch (problem) {
    if (problem instanceof InputError) return { events, warnings, problem }
    throw problem
  }
}

/** As `readHistoryFile`, but hands every event on and keeps none: memory stays bounded. */
export async function scanHistoryFile(
  file: string,
  sink: HistorySink,
  options: ReadOptions = {},
): Promise<void> {
  const parser = createParser({ file, ...options }, sink)
  try {
    await parseBytes(openText(file), parser)
  } catch (thrown) {
    throw thrown instanceof InputError ? thrown : unreadableFile(file, thrown)
  }
  parser.end()
}

/** As `readHistoryFile`, from text; `file` names it in errors. */
export function parseHistory(
  text: string,
  options: ReadOptions & { readonly file?: string } = {},
): ParsedHistory {
  const collector = collect()
  const parser = createParser({ file: 'history', ...options }, collector.sink)
  parser.push(text)
  parser.end()
  return collector.history()
}

/** One line of a history file, its newline included. */
export function encodeLine(line: HistoryHeader | RecordedEvent): string {
  return `${JSON.stringify(line)}\n`
}

/** A whole history file; removed events have no line. */
export function encodeHistory({ header, events }: History): string {
  return encodeLine(header) + events.filter(isRecorded).map(encodeLine).join('')
}

function collect() {
  let header: HistoryHeader | undefined
  const events: HistoryEvent[] = []
  const warnings: string[] = []
  const sink: HistorySink = {
    header: (line) => {
      header = line
    },
    event: (event) => events.push(event),
    warning: (text) => warnings.push(text),
  }
  const history = (): ParsedHistory => {
    if (header === undefined) throw new RangeError('Expected a header, got none')
    return { header, events, warnings }
  }
  return { sink, history }
}
