import {
  expandParameter,
  formatArray,
  lengthOfParameter,
  parseArray,
  type Variables,
} from './shell-parameters.ts'
import { splitAtSpaces } from './unresolved.ts'

/** The words of one command line, with its variables replaced; unknown ones stay as they are. */
export function shellWords(command: string, variables: Variables = new Map()): string[] {
  return [...entriesOf(command, variables)].flatMap((entry) =>
    'words' in entry ? entry.words : [],
  )
}

/** A text with its `$NAME` and `${NAME:-default}` replaced, and nothing else that a shell does. */
export function expandParameters(text: string, variables: Variables): string {
  let expanded = ''
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at)
    const length = /^\$(\{|[A-Za-z_])/.test(rest) ? lengthOfParameter(rest) : 0
    if (length === 0) expanded += text[at]
    else {
      const inner = (word: string) => expandParameters(word, variables)
      expanded += expandParameter(rest.slice(0, length), variables, inner).join(' ')
      at += length - 1
    }
  }
  return expanded
}

/** What an array is assigned as, so that its name stands before the value: `args[@]=…`. */
const arrayStart = /^([A-Za-z_]\w*)(\+?)=$/

/** Words, or an operator with the number of what it redirects. */
type Entry =
  | { readonly words: readonly string[] }
  | { readonly operator: string; readonly number?: string }

export type Assign = (name: string, value: string) => void

interface Scan {
  readonly text: string
  readonly variables: Variables
  readonly assign?: Assign | undefined
  at: number
}

const operators = /^(\|\||&&|;;|&>>?|>>|>&|<&|<<<|<<-?|<>|>\||[;&|()<>])/

/**
 * The words and the operators of a line, each read when it is asked for: what the commands before it have
 * set counts. `assign` takes what `${NAME:=word}` sets.
 */
export function* entriesOf(
  text: string,
  variables: Variables,
  assign?: Assign,
): Generator<Entry, void> {
  const scan: Scan = { text, variables, assign, at: 0 }
  // Up to the first word that is no assignment, and behind `export`, values are not split.
  let keepsValues = true
  let number: string | undefined
  while (scan.at < text.length) {
    const rest = text.slice(scan.at)
    const [blank] = /^\s+/.exec(rest) ?? []
    const [operator] = operators.exec(rest) ?? []
    if (blank !== undefined) scan.at += blank.length
    else if (rest.startsWith('#')) scan.at = text.length
    else if (operator !== undefined) {
      yield number === undefined ? { operator } : { operator, number }
      number = undefined
      scan.at += operator.length
      if (!/[<>]/.test(operator)) keepsValues = true
    } else {
      const start = scan.at
      const pieces = readPieces(scan, /[\s;&|()<>]/)
      const raw = text.slice(start, scan.at)
      const isNumber = /^\d+$/.test(raw) && /^[<>]/.test(text.slice(scan.at))
      const [, name, appended] = (text[scan.at] === '(' && arrayStart.exec(raw)) || []
      const isAssignment = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(raw)
      if (isNumber) number = raw
      else if (name !== undefined) yield { words: readArray(scan, { name, appended }) }
      else {
        yield { words: isAssignment && keepsValues ? [joined(pieces)] : fieldsOf(pieces) }
      }
      keepsValues &&= isAssignment || /^(export|declare|typeset|local|readonly|-\w+)$/.test(raw)
    }
  }
}

/** `args=(a "b c")` and `args+=(d)`, as a word that assigns. */
function readArray(
  scan: Scan,
  { name, appended }: { readonly name: string; readonly appended: string | undefined },
): string[] {
  const start = ++scan.at
  const former = scan.variables.get(`${name}[@]`)
  while (scan.at < scan.text.length && scan.text[scan.at] !== ')') {
    if (/\s/.test(scan.text[scan.at] ?? '')) scan.at++
    else if (readPieces(scan, /[\s()]/).length === 0) scan.at++
  }
  const inner = scan.text.slice(start, scan.at++)
  const words = [
    ...(appended === '+' && former !== undefined ? parseArray(former) : []),
    ...shellWords(inner.replaceAll('\n', ' '), scan.variables),
  ]
  return [`${name}[@]=${formatArray(words)}`]
}

/** A part of a word. */
interface Piece {
  readonly text: string
  /** Of an expansion without quotes, which is as many words as its value has. */
  readonly isSplit?: true
  /** A character of the text itself, without quotes. */
  readonly isBare?: true
  /** A word ends before it: of several words of an array. */
  readonly begins?: boolean
}

/** Up to the end, or to a character outside of quotes at which a word ends. */
function readPieces(scan: Scan, end: RegExp): Piece[] {
  const pieces: Piece[] = []
  while (scan.at < scan.text.length) {
    const rest = scan.text.slice(scan.at)
    const char = rest[0] ?? ''
    if (end.test(char)) break
    if (char === "'") pieces.push({ text: readSingleQuoted(scan) })
    else if (char === '"') pieces.push(...readDoubleQuoted(scan))
    else if (rest.startsWith("$'")) pieces.push({ text: readAnsiQuoted(scan) })
    else if (rest.startsWith('$"')) scan.at++
    else if (char === '\\') {
      pieces.push({ text: rest[1] === '\n' ? '' : (rest[1] ?? '\\') })
      scan.at += 2
    } else if (char === '$' && lengthOfParameter(rest) > 0) pieces.push(...readUnquoted(scan))
    else {
      const [text = char] = /^[\w./:=,@%+-]+/.exec(rest) ?? []
      pieces.push({ text, isBare: true })
      scan.at += text.length
    }
  }
  return pieces
}

function readSingleQuoted(scan: Scan): string {
  const end = scan.text.indexOf("'", scan.at + 1)
  const text = scan.text.slice(scan.at + 1, end < 0 ? scan.text.length : end)
  scan.at += text.length + 2
  return text
}

const ansi: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b' }

function readAnsiQuoted(scan: Scan): string {
  const [all = "$'", text = ''] = /^\$'((?:\\.|[^'\\])*)'?/s.exec(scan.text.slice(scan.at)) ?? []
  scan.at += all.length
  return text.replaceAll(/\\(.)/gs, (_, char: string) => ansi[char] ?? char)
}

function readDoubleQuoted(scan: Scan): Piece[] {
  const pieces: Piece[] = [{ text: '' }]
  let hasNothing = false
  scan.at++
  while (scan.at < scan.text.length) {
    const rest = scan.text.slice(scan.at)
    const [escaped] = /^\\[$`"\\\n]/.exec(rest) ?? []
    if (rest.startsWith('"')) {
      scan.at++
      // `"${EMPTY[@]}"` is no word at all.
      return hasNothing && pieces.length === 1 ? [] : pieces
    }
    const length = rest.startsWith('$') ? lengthOfParameter(rest) : 0
    if (length > 0) {
      scan.at += length
      const read = readQuotedParameter(scan, rest.slice(0, length))
      hasNothing ||= read.length === 0
      pieces.push(...read)
    } else {
      const [text = rest[0] ?? ''] = /^[^"\\$]+/.exec(rest) ?? []
      pieces.push({ text: escaped === undefined ? text : escaped.slice(1).trimEnd() })
      scan.at += escaped?.length ?? text.length
    }
  }
  return pieces
}

/** Its words stay whole, those of a default that is an array, too. */
function readQuotedParameter(scan: Scan, written: string): readonly Piece[] {
  let own: readonly Piece[] | undefined
  const inner = (text: string) => {
    own = piecesOf(/^".*"$/s.test(text) ? text : `"${text}"`, scan)
    return joined(own)
  }
  const words = expandParameter(written, scan.variables, inner, scan.assign)
  if (own !== undefined && words.length === 1 && words[0] === joined(own)) return own
  return words.map((text, index) => ({ text, begins: index > 0 }))
}

/** Without quotes; the words of a default keep their own. */
function readUnquoted(scan: Scan): Piece[] {
  const rest = scan.text.slice(scan.at)
  const written = rest.slice(0, lengthOfParameter(rest))
  scan.at += written.length
  let own: Piece[] | undefined
  const inner = (text: string) => {
    own = piecesOf(text, scan)
    return joined(own)
  }
  const words = expandParameter(written, scan.variables, inner, scan.assign)
  const isOwn = own !== undefined && words[0] === joined(own)
  if (isOwn) return (own ?? []).map((piece) => (piece.isBare ? { ...piece, isSplit: true } : piece))
  return words.map((text, index) => ({ text, isSplit: true as const, begins: index > 0 }))
}

const joined = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('')

/** Of the whole text, which ends at no space. */
function piecesOf(text: string, scan: Scan): Piece[] {
  return readPieces({ ...scan, text, at: 0 }, /[^\s\S]/)
}

/** The words that the parts of one make. A value of which a part is unknown stays one. */
function fieldsOf(pieces: readonly Piece[]): string[] {
  const fields: string[] = []
  let current: string | undefined
  const close = () => {
    if (current !== undefined) fields.push(current)
    current = undefined
  }
  for (const { text, isSplit, begins } of pieces) {
    if (begins === true) close()
    if (isSplit !== true) current = (current ?? '') + text
    else {
      splitAtSpaces(text).forEach((part, index) => {
        if (index > 0) close()
        if (part !== '') current = (current ?? '') + part
      })
    }
  }
  close()
  return fields
}
