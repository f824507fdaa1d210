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
    const continues = raw.endsWith('\\')
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
 * outside of single quotes. An unclosed quote is a problem.
 */
export function splitWords(text: string, line: number): { words: string[]; problem?: Problem } {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === '\\' && quote !== "'") {
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
  const code = /^(?:x([0-9a-fA-F]{2})|([0-7]{3}))/.exec(rest)
  if (code !== null) {
    const value =
      code[1] === undefined ? Number.parseInt(code[2] ?? '', 8) : Number.parseInt(code[1], 16)
    return { value: String.fromCharCode(value), length: 1 + code[0].length }
  }
  const char = rest[0]
  if (char === undefined) return { value: '\\', length: 1 }
  return { value: escapes[char] ?? `\\${char}`, length: 2 }
}

/**
 * A word of a command line with the variables that systemd replaces in it: `${NAME}` within a word.
 * A word that is `$NAME` alone becomes as many words as the value has. `$$` is a dollar. An unset
 * variable is what `unset` makes of it: for systemd, nothing.
 */
export function expandWord(
  word: string,
  variables: ReadonlyMap<string, string>,
  unset: (written: string) => string,
): string[] {
  const alone = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1]
  if (alone !== undefined) {
    return (variables.get(alone) ?? unset(word)).split(/\s+/).filter(Boolean)
  }
  return [
    word.replaceAll(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (match, name: string | undefined) =>
      name === undefined ? match.slice(1) : (variables.get(name) ?? unset(match)),
    ),
  ]
}

/** A value with systemd's specifiers, such as %H, marked as of unknown value; `%%` is a percent sign. */
export function markSpecifiers(value: string): string {
  return value.replaceAll(/%([%A-Za-z])/g, (match, letter: string) =>
    letter === '%' ? '%' : unresolved(match),
  )
}
