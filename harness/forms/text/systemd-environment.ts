import type { Problem } from '../form.ts'
import type { Variable } from '../given.ts'

/**
 * The variables of a file as systemd's `EnvironmentFile=` reads it: quotes, escapes in double quotes,
 * continued lines, comments with # and ; at the start of a line alone. A variable that repeats has its
 * last value. See systemd.exec(5).
 */
export function readVariables(text: string): {
  readonly variables: readonly Variable[]
  readonly problems: readonly Problem[]
} {
  const variables = new Map<string, Variable>()
  const problems = commentsThatGoOn(text)
  const scanner = { text, at: 0, line: 1 }
  while (scanner.at < text.length) {
    const { line } = scanner
    const name = readName(scanner)
    if (name === undefined) continue
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      const found = isAssignment(scanner) ? name : `${name} without =`
      problems.push({ line, expected: 'NAME=value', found: shorten(found) })
      skipLine(scanner)
    } else if (!isAssignment(scanner)) {
      problems.push({ line, expected: 'NAME=value', found: shorten(`${name} without =`) })
      skipLine(scanner)
    } else {
      scanner.at++
      const { value, problem } = readValue(scanner)
      if (problem !== undefined) problems.push({ line, ...problem })
      variables.delete(name)
      variables.set(name, { name, value, line })
    }
  }
  return { variables: [...variables.values()], problems }
}

/** A comment that ends in a backslash takes the next line with it before systemd 254. */
function commentsThatGoOn(text: string): Problem[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const goesOn = /^[ \t]*[#;].*(?<!\\)(\\\\)*\\$/.test(line)
    if (!goesOn || !/^[ \t]*[^\s#;]/.test(lines[index + 1] ?? '')) return []
    const expected =
      'no \\ at the end of a comment: the next line is a part of it before systemd 254'
    return [{ line: index + 1, expected, found: shorten(line.trim()) }]
  })
}

interface Scanner {
  readonly text: string
  at: number
  line: number
}

/** Up to the `=` or the end of the line; undefined for an empty line and for a comment. */
function readName(scanner: Scanner): string | undefined {
  const [blank = ''] = /^[ \t]*/.exec(scanner.text.slice(scanner.at)) ?? []
  scanner.at += blank.length
  const char = scanner.text[scanner.at]
  if (char === undefined) return undefined
  if (/[\n\r#;]/.test(char)) {
    skipLine(scanner)
    return undefined
  }
  const [name = ''] = /^[^=\n\r]*/.exec(scanner.text.slice(scanner.at)) ?? []
  scanner.at += name.length
  return name.trim()
}

function isAssignment({ text, at }: Scanner): boolean {
  return text[at] === '='
}

function skipLine(scanner: Scanner): void {
  while (scanner.at < scanner.text.length && !isNewline(scanner.text[scanner.at] ?? ''))
    scanner.at++
  if (scanner.text[scanner.at++] === '\n') scanner.line++
}

/** Quotes are quotes where a value begins and behind a quoted part; within a value they are itself. */
function readValue(scanner: Scanner): {
  readonly value: string
  readonly problem?: Omit<Problem, 'line'>
} {
  const { text } = scanner
  let value = ''
  /** White space at the end counts where it stands before that. */
  let kept = 0
  let isPlain = false
  let quote: string | undefined
  while (scanner.at < text.length) {
    const char = text[scanner.at++] as string
    if (char === '\n') scanner.line++
    if (quote === undefined && isNewline(char)) break
    if (char === quote) quote = undefined
    else if (char === '\\' && quote !== "'") {
      value += readEscaped(scanner, quote)
      isPlain = quote === undefined
      kept = value.length
    } else if (quote !== undefined) {
      value += char
      kept = value.length
    } else if (!isPlain && (char === '"' || char === "'")) quote = char
    else if (isPlain || !isBlank(char)) {
      value += char
      isPlain = true
      if (!isBlank(char)) kept = value.length
    }
  }
  const found = { expected: `a closing ${quote}`, found: 'the end of the file' }
  return { value: value.slice(0, kept), ...(quote !== undefined && { problem: found }) }
}

/** What stands behind a backslash; the end of a line is nothing. */
function readEscaped(scanner: Scanner, quote: string | undefined): string {
  const next = scanner.text[scanner.at++] ?? ''
  if (next === '\n') scanner.line++
  if (quote === undefined) return isNewline(next) ? '' : next
  if (next === '\n') return ''
  return '"\\`$'.includes(next) ? next : `\\${next}`
}

const isNewline = (char: string) => char === '\n' || char === '\r'
const isBlank = (char: string) => char === ' ' || char === '\t'

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
