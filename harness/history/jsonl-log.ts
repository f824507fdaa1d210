import { createWriteStream } from 'node:fs'
import type { Clock } from '../core/clock.ts'
import { InputError, messageOf } from '../core/errors.ts'
import { createLineWriter } from './recorder.ts'

/** A file of its own beside a history: a header line, then one entry a line, in order. */
export interface JsonlLog<Header, Entry> {
  readonly header: Header
  readonly entries: readonly Entry[]
}

export type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, 'timeNs'> : never

/** Writes entries as they come, and keeps them for a checker. */
export interface JsonlRecorder<Header, Entry> extends AsyncDisposable {
  note(entry: WithoutTime<Entry>): void
  /** All so far; it grows. */
  log(): JsonlLog<Header, Entry>
  flush(): Promise<void>
}

const flushMs = 50

/** Creates the file, which must not exist. An error of the disk is thrown by `flush` and at the end. */
export function openJsonlRecorder<Header, Entry extends { readonly timeNs: number }>(options: {
  readonly path: string
  readonly header: Header
  readonly clock: Clock
}): JsonlRecorder<Header, Entry> {
  const { header, clock } = options
  const writer = createLineWriter(createWriteStream(options.path, { flags: 'wx' }), flushMs)
  writer.write(`${JSON.stringify(header)}\n`)
  const entries: Entry[] = []
  return {
    note: (said) => {
      const entry = { ...said, timeNs: clock.nowNs() } as unknown as Entry
      entries.push(entry)
      writer.write(`${JSON.stringify(entry)}\n`)
    },
    log: () => ({ header, entries }),
    flush: writer.flush,
    [Symbol.asyncDispose]: writer.close,
  }
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads such a file. A last line without its newline, as a killed run leaves it, is left out.
 * Throws an InputError that names the line of anything that is not an object, of a header of
 * another format, and of an entry that `problemOf` finds wrong.
 */
export function parseJsonlLog<Header, Entry>(
  text: string,
  options: {
    readonly file: string
    readonly format: string
    /** "Expected …, got …"; undefined when nothing is wrong. */
    readonly problemOf: (entry: Fields) => string | undefined
  },
): JsonlLog<Header, Entry> {
  const { file, format, problemOf } = options
  const lines = text.split('\n').slice(0, -1)
  const [header, ...entries] = lines.map((line, index) => parseLine(line, `${file}:${index + 1}`))
  if (header?.format !== format) {
    const got = JSON.stringify(header?.format) ?? 'nothing'
    throw new InputError(`${file}:1: Expected \`format\` to be "${format}", got ${got}`)
  }
  entries.forEach((entry, index) => {
    const problem = problemOf(entry)
    if (problem !== undefined) throw new InputError(`${file}:${index + 2}: ${problem}`)
  })
  return { header: header as Header, entries: entries as Entry[] }
}

function parseLine(line: string, place: string): Fields {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (thrown) {
    throw new InputError(`${place}: Expected one JSON object, got ${messageOf(thrown)}`)
  }
  if (typeof parsed === 'object' && parsed !== null) return parsed as Fields
  throw new InputError(`${place}: Expected one JSON object, got ${line.slice(0, 80)}`)
}
