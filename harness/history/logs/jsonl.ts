import type { Clock } from '../../core/clock.ts'
import { InputError } from '../../core/errors.ts'
import { describeValue } from '../../core/schema/mismatch.ts'
import { findProblem, type Validator } from '../../core/schema/validator.ts'
import { openLineWriter } from '../files/line-writer.ts'
import { readLines } from '../files/lines.ts'

/** A file of its own beside a history: a header line, then one entry a line, in order. */
export interface JsonlLog<Header, Entry> {
  readonly header: Header
  readonly entries: readonly Entry[]
}

export type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, 'timeNs'> : never

/** Writes entries as they come, and keeps none of them. */
export interface JsonlRecorder<Entry> extends AsyncDisposable {
  note(entry: WithoutTime<Entry>): void
  flush(): Promise<void>
}

/**
 * Creates the file, which must not exist; a name that ends with `.gz` makes it compressed. An error
 * of the disk is thrown by `flush` and at the end.
 */
export function openJsonlRecorder<Header, Entry extends { readonly timeNs: number }>(options: {
  readonly path: string
  readonly header: Header
  readonly clock: Clock
}): JsonlRecorder<Entry> {
  const { header, clock } = options
  const writer = openLineWriter(options.path)
  writer.write(`${JSON.stringify(header)}\n`)
  return {
    note: (entry) => {
      writer.write(`${JSON.stringify({ ...entry, timeNs: clock.nowNs() })}\n`)
    },
    flush: writer.flush,
    [Symbol.asyncDispose]: writer.close,
  }
}

/** What one kind of such a file may hold. It may remember lines: one object checks one file. */
export interface JsonlFormat<Header, Entry, Written = Entry> {
  readonly header: Validator<Header>
  /** By `type` of the entry. */
  readonly entries: Readonly<Record<string, Validator<Written>>>
  /** The entry that a line says; throws a RangeError, "Expected …, got …", for a contradiction. */
  readonly read: (written: Written) => Entry
}

/**
 * Reads such a file, line by line. What follows the last line feed, as a killed run leaves it, is
 * left out, with a warning. Throws an InputError that names the line of anything that is not an
 * object, of a header of another format, and of an entry that the format does not allow.
 */
export async function readJsonlLog<Header, Entry, Written>(
  file: string,
  format: JsonlFormat<Header, Entry, Written>,
): Promise<JsonlLog<Header, Entry> & { readonly warnings: readonly string[] }> {
  const parser = createJsonlParser(file, format)
  const rest = await readLines(file, parser.line)
  const log = parser.log()
  const place = `${file}:${log.entries.length + 2}`
  const warnings = rest === '' ? [] : [`${place}: the last line is incomplete and was left out`]
  return { ...log, warnings }
}

/** The same from text, without the warning. */
export function parseJsonlLog<Header, Entry, Written>(
  text: string,
  file: string,
  format: JsonlFormat<Header, Entry, Written>,
): JsonlLog<Header, Entry> {
  const parser = createJsonlParser(file, format)
  for (const line of text.split('\n').slice(0, -1)) parser.line(line)
  return parser.log()
}

function createJsonlParser<Header, Entry, Written>(
  file: string,
  format: JsonlFormat<Header, Entry, Written>,
) {
  let header: Header | undefined
  const entries: Entry[] = []
  const refuse = (number: number, problem: string): never => {
    throw new InputError(`${file}:${number}: ${problem}`, { file, line: number })
  }
  const acceptHeader = (fields: object) => {
    const problem = findProblem(format.header, fields, { what: 'the header', of: 'the header' })
    if (problem !== undefined) refuse(1, problem)
    header = fields as Header
  }
  return {
    line: (text: string) => {
      const number = header === undefined ? 1 : entries.length + 2
      const fields = parseLine(text) ?? refuse(number, formatNoObject(text))
      if (header === undefined) return acceptHeader(fields)
      const problem = findEntryProblem(fields, format)
      if (problem !== undefined) refuse(number, problem)
      try {
        entries.push(format.read(fields as Written))
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown
        refuse(number, thrown.message)
      }
    },
    log: (): JsonlLog<Header, Entry> => {
      if (header === undefined) acceptHeader({})
      return { header: header as Header, entries }
    },
  }
}

function findEntryProblem(
  entry: object,
  { entries }: Pick<JsonlFormat<unknown, unknown>, 'entries'>,
): string | undefined {
  const { type } = entry as { readonly type?: unknown }
  const validator = Object.hasOwn(entries, String(type)) ? entries[String(type)] : undefined
  if (validator === undefined) {
    const known = Object.keys(entries).join(', ')
    return `Expected \`type\` to be one of ${known}, got ${describeValue(type)}`
  }
  return findProblem(validator, entry, { what: 'an entry' })
}

function parseLine(line: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    return isObject ? parsed : undefined
  } catch {
    return undefined
  }
}

function formatNoObject(line: string): string {
  return `Expected one JSON object, got ${line.slice(0, 80)}`
}
