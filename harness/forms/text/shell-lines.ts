import type { Problem } from '../form.ts'
import { evaluateArithmetic } from './arithmetic.ts'
import { unresolved } from './unresolved.ts'

/** A line of a shell's script as the shell reads it, before words are split. */
export interface ShellLine {
  /** Without comments; a command substitution is one character that `restore` turns back. */
  readonly text: string
  /** From 1. */
  readonly firstLine: number
  readonly lastLine: number
}

/**
 * Splits a script into the lines that a POSIX shell reads: a quoted text, a command substitution and
 * `\` at the end continue a line; comments and here-documents are left out. A quote that is not
 * closed is a problem.
 */
export function shellLines(script: string): {
  readonly lines: readonly ShellLine[]
  readonly problem?: Problem
  readonly documents: readonly HereDocument[]
  /** A text with its command substitutions as the script has them, marked as of unknown value. */
  readonly restore: (text: string, variables: ReadonlyMap<string, string>) => string
} {
  const scan: Scan = { script, at: 0, line: 1, substitutions: [] }
  const lines: ShellLine[] = []
  const documents: HereDocument[] = []
  const restore = (text: string, variables: ReadonlyMap<string, string>) =>
    text.replaceAll(substitution, (mark) =>
      resolveSubstitution(scan.substitutions[indexOf(mark)] ?? '', variables),
    )
  while (scan.at < script.length) {
    const firstLine = scan.line
    const { text, unclosed } = readLine(scan)
    if (unclosed !== undefined) {
      const found = 'the end of the script'
      const problem = { line: unclosed.line, expected: `a closing ${unclosed.quote}`, found }
      return { lines, documents, problem, restore }
    }
    const lastLine = script[scan.at - 1] === '\n' ? scan.line - 1 : scan.line
    if (text.trim() !== '') lines.push({ text, firstLine, lastLine })
    const opened = hereDocumentOf(text)
    if (opened !== undefined) {
      const { line } = scan
      const document = readHereDocument(scan, opened.delimiter)
      const own = opened.isIndented ? document.replaceAll(/^\t+/gm, '') : document
      documents.push({ command: text, text: own, line, isExpanded: opened.isExpanded })
    }
  }
  return { lines, documents, restore }
}

/** In the private use area, so that no script has them. */
const firstMark = 0xe000
const substitution = /[\ue000-\uf8ff]/g
const indexOf = (mark: string) => mark.charCodeAt(0) - firstMark

/** Arithmetic has a value here; what another command prints has none. */
function resolveSubstitution(text: string, variables: ReadonlyMap<string, string>): string {
  const [, expression] = /^\$\(\((.*)\)\)$/s.exec(text) ?? []
  const value = expression === undefined ? undefined : evaluateArithmetic(expression, variables)
  return value ?? unresolved(text)
}

interface Scan {
  readonly script: string
  at: number
  line: number
  readonly substitutions: string[]
}

/** What a script hands to a command, such as `cat > etcd.service <<EOF`. */
export interface HereDocument {
  /** The command, as a line. */
  readonly command: string
  readonly text: string
  /** Of its first line, from 1. */
  readonly line: number
  /** The shell replaces variables in it. */
  readonly isExpanded: boolean
}

/** The first `<<` of a line that is in no quotes. */
function hereDocumentOf(text: string) {
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const [opening, dash, quote, delimiter] = /^<<(-?)\s*(["'\\]?)(\w+)/.exec(rest) ?? []
    if (opening !== undefined && delimiter !== undefined) {
      return { delimiter, isIndented: dash === '-', isExpanded: quote === '' }
    }
    const [skipped] = /^(<<<|\\.|'[^']*'|"(?:\\.|[^"\\])*")/s.exec(rest) ?? []
    at += skipped?.length ?? 1
  }
  return undefined
}

interface LineRead {
  readonly text: string
  readonly unclosed?: { readonly quote: string; readonly line: number }
}

function readLine(scan: Scan): LineRead {
  let text = ''
  let quote: { readonly quote: string; readonly line: number } | undefined
  while (scan.at < scan.script.length) {
    const [char = ''] = scan.script.slice(scan.at, scan.at + 1)
    const next = scan.script[scan.at + 1] ?? ''
    if (char === '\n' && quote === undefined) {
      advance(scan, 1)
      return { text }
    }
    if (char === '\\' && quote?.quote !== "'") text += readEscaped(scan)
    else if ((char === '`' || (char === '$' && next === '(')) && quote?.quote !== "'") {
      text += readSubstitution(scan)
    } else if (char === '#' && quote === undefined && /(^|[\s;&|(])$/.test(text)) skipComment(scan)
    else {
      if (char === quote?.quote) quote = undefined
      else if (quote === undefined && (char === '"' || char === "'")) {
        quote = { quote: char, line: scan.line }
      }
      text += char === '\r' && next === '\n' ? '' : char
      advance(scan, 1)
    }
  }
  return quote === undefined ? { text } : { text, unclosed: quote }
}

function advance(scan: Scan, count: number): string {
  const passed = scan.script.slice(scan.at, scan.at + count)
  scan.line += passed.split('\n').length - 1
  scan.at += count
  return passed
}

/** A backslash with what it escapes; at the end of a line it joins the next one. */
function readEscaped(scan: Scan): string {
  const [continued] = /^\\\r?\n/.exec(scan.script.slice(scan.at, scan.at + 3)) ?? []
  const read = advance(scan, continued?.length ?? 2)
  return continued === undefined ? read : ''
}

function skipComment(scan: Scan): void {
  const end = scan.script.indexOf('\n', scan.at)
  advance(scan, (end < 0 ? scan.script.length : end) - scan.at)
}

function readSubstitution(scan: Scan): string {
  const text = advance(scan, lengthOfSubstitution(scan.script.slice(scan.at)))
  scan.substitutions.push(text.replaceAll(/\\?\r?\n\s*/g, ' '))
  return String.fromCharCode(Math.min(firstMark + scan.substitutions.length - 1, 0xf8ff))
}

/** Up to the parenthesis or the backtick that closes it, else up to the end. */
function lengthOfSubstitution(text: string): number {
  if (text.startsWith('`')) return (/^`(\\.|[^\\`])*`/s.exec(text)?.[0] ?? text).length
  let depth = 0
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return text.length
}

function readHereDocument(scan: Scan, delimiter: string): string {
  const begin = scan.at
  while (scan.at < scan.script.length) {
    const end = scan.script.indexOf('\n', scan.at)
    const from = scan.at
    const line = advance(scan, (end < 0 ? scan.script.length : end + 1) - scan.at)
    if (line.trim() === delimiter) return scan.script.slice(begin, from)
  }
  return scan.script.slice(begin)
}
