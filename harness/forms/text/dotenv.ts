import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'
import { interpolate } from './compose-template.ts'
import type { Variables } from './shell-parameters.ts'

/**
 * The variables of a `.env` or an `env_file` as Compose reads it: `NAME=value` or `NAME: value`, also behind
 * `export`; a comment begins at a `#` behind a space; single quotes keep everything, double quotes have
 * escapes, and values but for single quotes have variables, of `known` before those above them. A name alone
 * has its value from `known`. What Compose refuses is a problem.
 */
export function readDotenv(
  text: string,
  known: Variables = new Map(),
): { readonly variables: readonly Variable[]; readonly problems: readonly Problem[] } {
  const variables = new Map<string, Variable>()
  const lookup = new Map(known)
  const scan: Scan = { text, at: 0, line: 1, counted: 0 }
  while (skipToStatement(scan)) {
    const line = lineAt(scan)
    const { name, sign } = readName(scan)
    if (!/^[\p{L}\p{N}_.[\]-]*$/u.test(name)) {
      const problem = { line, expected: 'NAME=value', found: name }
      return { variables: [...variables.values()], problems: [problem] }
    }
    // A name in the last line, whose end is missing, is none to Compose.
    const alone: ReadValue = { value: sign === '\n' ? known.get(name) : undefined }
    const read = sign === '=' || sign === ':' ? readValue(scan, lookup) : alone
    if (read.expected !== undefined) {
      const problem = { line, expected: read.expected, found: read.found }
      return { variables: [...variables.values()], problems: [problem] }
    }
    // A name that begins with a digit counts for nothing.
    if (read.value === undefined || !/^[^\d]/.test(name)) continue
    variables.delete(name)
    variables.set(name, { name, value: read.value, line })
    if (!known.has(name)) lookup.set(name, read.value)
  }
  return { variables: [...variables.values()], problems: [] }
}

interface Scan {
  readonly text: string
  at: number
  /** Of the character at `counted`. */
  line: number
  counted: number
}

function lineAt(scan: Scan): number {
  scan.line += scan.text.slice(scan.counted, scan.at).split('\n').length - 1
  scan.counted = scan.at
  return scan.line
}

function take(scan: Scan, pattern: RegExp): string {
  const [taken = ''] = pattern.exec(scan.text.slice(scan.at)) ?? []
  scan.at += taken.length
  return taken
}

function skipToStatement(scan: Scan): boolean {
  take(scan, /^(\s+|#[^\n]*)+/)
  return scan.at < scan.text.length
}

/** Up to a sign of assignment, the end of the line, or the end of the text. */
function readName(scan: Scan): { readonly name: string; readonly sign: string | undefined } {
  take(scan, /^export(?=\s)[^\S\n]*/)
  const name = take(scan, /^[^=:\n]*/).trimEnd()
  const sign = scan.text[scan.at++]
  take(scan, /^[^\S\n]+/)
  return { name, sign }
}

type ReadValue =
  | { readonly value: string | undefined; readonly expected?: undefined }
  | { readonly value?: undefined; readonly expected: string; readonly found: string }

function readValue(scan: Scan, lookup: Variables): ReadValue {
  const quote = scan.text[scan.at] ?? ''
  const isQuoted = quote === '"' || quote === "'"
  const written = isQuoted
    ? take(scan, quote === '"' ? /^"(\\[\s\S]|[^"\\])*"/ : /^'(\\[\s\S]|[^'\\])*'/)
    : take(scan, /^[^\n]*/)
  if (isQuoted && written === '') {
    const found = take(scan, /^[^\n]*/)
    return { expected: `a closing ${quote}`, found }
  }
  const inner = isQuoted
    ? written.slice(1, -1).replaceAll(`\\${quote}`, quote)
    : (written.split(' #')[0] ?? '').trimEnd()
  if (quote === "'") return { value: inner }
  const value = interpolate(quote === '"' ? expandEscapes(inner) : inner, lookup)
  if (value !== undefined) return { value }
  return { expected: 'a variable as a name in braces, and two dollars for one', found: written }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // A dollar that is no variable's.
  $: '$$',
}

function expandEscapes(text: string): string {
  return text.replaceAll(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (written, sign: string) => {
    const octal = sign.slice(1)
    if (/^[0-3][0-7]{2}$/.test(octal)) return String.fromCharCode(Number.parseInt(octal, 8))
    return sign.startsWith('0') ? `\\${octal}` : (escapes[sign] ?? written)
  })
}
