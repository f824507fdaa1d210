import type { Problem } from '../form.ts'
import { unresolved } from './unresolved.ts'

/** A logical line of a unit or an environment file: continuation lines are joined. */
export interface LogicalLine {
  readonly text: string
  /** Its first line in the file, from 1. */
  readonly line: number
  readonly lastLine: number
}

/**
 * The lines of a unit file as systemd joins them: a backslash at the end continues the line with a
 * space between, comment lines in between are skipped, and empty lines and comments are left out.
 * See systemd.syntax(7).
 */
export function joinLines(text: string): LogicalLine[] {
  const joined: LogicalLine[] = []
  let open: { parts: string[]; line: number } | undefined
  text.split(/\r?\n/).forEach((raw, index) => {
    if (/^\s*[#;]/.test(raw)) return
    const continues = /(?<!\\)(\\\\)*\\$/.test(raw)
    const part = continues ? raw.slice(0, -1) : raw
    if (open === undefined && part.trim() === '' && !continues) return
    open ??= { parts: [], line: index + 1 }
    open.parts.push(part)
    if (continues) return
    joined.push(lineOf(open, index + 1))
    open = undefined
  })
  if (open !== undefined) joined.push(lineOf(open, text.split('\n').length))
  return joined
}

function lineOf({ parts, line }: { parts: string[]; line: number }, lastLine: number): LogicalLine {
  return { text: parts.join(' ').trim(), line, lastLine }
}

/**
 * The words of a value as systemd splits them: quotes around a word or a part of it, and C escapes
 * everywhere, in single quotes too. An unclosed quote is a problem.
 */
export function splitWords(text: string, line: number): { words: string[]; problem?: Problem } {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === '\\') {
      const { value, length } = readEscape(text, at)
      word = (word ?? '') + value
      at += length - 1
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (word !== undefined) words.push(word)
  if (quote === undefined) return { words }
  return { words, problem: { line, expected: `a closing ${quote}`, found: 'the end of the line' } }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** An escape of systemd's; another character keeps its backslash. */
function readEscape(text: string, at: number): { value: string; length: number } {
  const rest = text.slice(at + 1)
  const [written = '', byte, octal, ...points] =
    /^(?:x([\dA-Fa-f]{2})|([0-3][0-7]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8}))/.exec(rest) ?? []
  const digits = byte ?? octal ?? points.find(Boolean) ?? '0'
  const code = Number.parseInt(digits, octal === undefined ? 16 : 8)
  if (code > 0 && code < 0x110000) {
    return { value: String.fromCodePoint(code), length: 1 + written.length }
  }
  const char = rest[0]
  if (char === undefined) return { value: '\\', length: 1 }
  return { value: escapes[char] ?? `\\${char}`, length: 2 }
}

/**
 * A word of a command line with the variables that systemd replaces in it. A word that begins with `$` is
 * a variable as a whole, `$NAME-x` that of the name `NAME-x`, and becomes as many words as its value has;
 * within a word `${NAME}` is replaced, and `$$` is a dollar. An unset variable is what `unset` makes of
 * it: for systemd, nothing.
 */
export function expandWord(
  word: string,
  variables: ReadonlyMap<string, string>,
  unset: (written: string) => string,
): string[] {
  if (/^\$(?![{$])/.test(word)) return splitValue(variables.get(word.slice(1)) ?? unset(word))
  // A default, such as in ${NAME:-x}, is none to systemd, nor is a name that nothing closes.
  return [
    word.replaceAll(/\$\$|\$\{([^}:]*)\}|\$\{[^}:]*(:|$)/g, (match, name?: string) => {
      if (name === undefined) return match === '$$' ? '$' : match
      return variables.get(name) ?? unset(match)
    }),
  ]
}

/** The words of a variable's value: quotes go, and what a backslash stands before is itself. */
function splitValue(value: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < value.length; at++) {
    const char = value[at] as string
    if (char === quote) quote = undefined
    else if (char === '\\') word = (word ?? '') + (value[++at] ?? '')
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char
      word ??= ''
    } else if (quote === undefined && /[ \t\n\r]/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  return word === undefined ? words : [...words, word]
}

/** A value with systemd's specifiers, such as %H, marked as of unknown value; `%%` is a percent sign. */
export function markSpecifiers(value: string): string {
  return value.replaceAll(/%([%A-Za-z])/g, (match, letter: string) =>
    letter === '%' ? '%' : unresolved(match),
  )
}
