import type { ShellLine } from './shell-lines.ts'

/** A function of a script, with the lines of its body. */
export interface ShellFunction {
  readonly name: string
  readonly body: readonly ShellLine[]
}

/** The lines of a script in their order, where the lines of each function are one. */
export function stepsOf(lines: readonly ShellLine[]): readonly (ShellLine | ShellFunction)[] {
  const steps: (ShellLine | ShellFunction)[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    const header = line && headerOf(line, lines[at + 1])
    if (line === undefined || header === undefined) {
      if (line !== undefined) steps.push(line)
      continue
    }
    const end = endOf(lines, at + header.skipped)
    if (end === undefined) {
      steps.push(line)
      continue
    }
    const body = lines.slice(at + header.skipped, end + 1)
    steps.push({ name: header.name, body: withoutBraces(body, header.opening) })
    at = end
  }
  return steps
}

interface Header {
  readonly name: string
  /** What stands before the body on the line with its brace. */
  readonly opening: RegExp
  /** Lines up to that one. */
  readonly skipped: number
}

const header = /^\s*(?:function\s+([\w.:-]+)\s*(?:\(\s*\))?|([\w.:-]+)\s*\(\s*\))\s*/

function headerOf({ text }: ShellLine, next: ShellLine | undefined): Header | undefined {
  const [whole, first, second] = header.exec(text) ?? []
  const name = first ?? second
  if (whole === undefined || name === undefined) return undefined
  const rest = text.slice(whole.length)
  if (/^\{(\s|$)/.test(rest)) {
    return { name, opening: new RegExp(`${header.source}\\{`), skipped: 0 }
  }
  const isBelow = rest === '' && /^\s*\{(\s|$)/.test(next?.text ?? '')
  return isBelow ? { name, opening: /^\s*\{/, skipped: 1 } : undefined
}

/** The line with the brace that closes the one of the line `from`. */
function endOf(lines: readonly ShellLine[], from: number): number | undefined {
  let depth = 0
  for (let at = from; at < lines.length; at++) {
    const text = withoutQuoted(lines[at]?.text ?? '')
    depth += (text.match(/(?<=^|[\s;&|()])\{(?=\s|$)/g) ?? []).length
    depth -= (text.match(/(?<=^|[\s;])\}(?=[\s;)&|<>]|$)/g) ?? []).length
    if (depth <= 0) return at
  }
  return undefined
}

function withoutQuoted(text: string): string {
  return text.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\{[^}]*\}/gs, '_')
}

function withoutBraces(body: readonly ShellLine[], opening: RegExp): readonly ShellLine[] {
  return body
    .map((line, index) => {
      const begun = index === 0 ? line.text.replace(opening, '') : line.text
      const isLast = index === body.length - 1
      return { ...line, text: isLast ? begun.replace(/\}[^}]*$/s, '') : begun }
    })
    .filter(({ text }) => text.trim() !== '')
}
