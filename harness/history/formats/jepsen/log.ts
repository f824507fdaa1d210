import type { Element, Refuse } from '../format.ts'
import { readEdnValue } from './edn.ts'

/**
 * An operation as Jepsen prints it: process, type, f, value and error, set apart by tabs. A log has the
 * logger's words before it, `INFO [jepsen worker 2] jepsen.util: `, and `history.txt` has none.
 */
const operation =
  /^(.{0,300}?)(?<=^|[\s\]])(\d{1,16}|:[a-z][\w-]{0,60})[ \t]{1,16}:(invoke|ok|fail|info)[ \t]{1,16}(\S{1,100})(?:[ \t]+(.*))?$/
const logger = /\bjepsen\b/

/** Whether the beginning of a file is Jepsen's log, or its `history.txt`. */
export function isJepsenLog(beginning: string): boolean {
  const lines = beginning.split('\n', 2_000).map(withoutReturn)
  return lines.some((line) => findOperation(line) !== undefined) || lines.some(isLogged)
}

/** A log begins with the test's set-up, long before its first operation. */
const isLogged = (line: string) => /^.{0,100}\bINFO\b.{0,200}\bjepsen\.\w/.test(line)

/** The lines between the operations, the empty ones not counted: a log has many, `history.txt` none. */
export interface LogRemains {
  others: number
  /** The line of the first one; 0 without any. */
  first: number
  /** No operation has the words of a logger before it. */
  isBare: boolean
}

/**
 * The operations of a log as the maps that Jepsen's EDN would have; what the nemesis did is left out.
 * `remains` is filled in on the way.
 */
export function* readJepsenLog(
  text: string,
  remains: LogRemains,
  refuse: Refuse,
): Generator<Element, void> {
  let line = 0
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    const stop = end < 0 ? text.length : end
    line++
    const words = withoutReturn(text.slice(start, stop))
    start = stop + 1
    const found = findOperation(words)
    if (found !== undefined) {
      remains.isBare &&= found.before === ''
      if (/^\d/.test(found.process)) yield elementOf(found, line, refuse)
    } else if (words.trim() !== '') {
      remains.others++
      remains.first ||= line
    }
  }
}

interface Printed {
  readonly before: string
  readonly process: string
  readonly type: string
  readonly f: string
  readonly rest: string
}

function findOperation(line: string): Printed | undefined {
  const [, before = '', process, type, f, rest = ''] = operation.exec(line) ?? []
  if (process === undefined || type === undefined || f === undefined) return undefined
  const isOperation = before === '' || logger.test(before)
  return isOperation ? { before, process, type, f, rest } : undefined
}

/** What is unknown or did not happen may have a value that is only a note for people. */
function elementOf({ process, type, f, rest }: Printed, line: number, refuse: Refuse): Element {
  const place = { line }
  const isNeeded = type === 'invoke' || type === 'ok'
  const value = isNeeded && rest !== '' ? readEdnValue(rest, place, refuse) : null
  return { value: { process: Number(process), type, f, value }, place }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
