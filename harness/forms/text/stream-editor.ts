import type { Printed } from './printed.ts'

/** One command of sed, for a line: its new text, or undefined where the line goes. */
type Edit = (text: string, isLast: boolean) => readonly string[]

/**
 * What `sed` makes of a text, line by line. Undefined where a command or a pattern is not one of those that
 * mean the same here: `s`, `d`, `a`, `i` and `c`, each for all lines, or for those that match a pattern.
 */
export function editStream(
  input: Printed,
  { scripts, isExtended }: { readonly scripts: readonly string[]; readonly isExtended: boolean },
): Printed | undefined {
  const edits: Edit[] = []
  for (const script of scripts) {
    const read = editsOf(script, isExtended)
    if (read === undefined) return undefined
    edits.push(...read)
  }
  const lines = input.lines.flatMap(({ text, line }, index) => {
    const isLast = index === input.lines.length - 1
    let texts: readonly string[] = [text]
    for (const edit of edits) texts = texts.flatMap((one) => edit(one, isLast))
    return texts.map((one) => ({ text: one, line }))
  })
  return { lines, isEnded: input.isEnded }
}

function editsOf(script: string, isExtended: boolean): Edit[] | undefined {
  const edits: Edit[] = []
  let rest = script.trim()
  while (rest !== '') {
    const read = readEdit(rest, isExtended)
    if (read === undefined) return undefined
    edits.push(read.edit)
    rest = rest.slice(read.length).replace(/^[\s;]+/, '')
  }
  return edits
}

interface ReadEdit {
  readonly edit: Edit
  readonly length: number
}

function readEdit(script: string, isExtended: boolean): ReadEdit | undefined {
  const [whole = '', slashed, last] = /^(?:\/((?:\\.|[^\\/])*)\/|(\$))?\s*/.exec(script) ?? []
  const address =
    slashed === undefined ? undefined : patternOf(slashed, { isExtended, delimiter: '/' })
  if (slashed !== undefined && address === undefined) return undefined
  const applies = (text: string, isLast: boolean) =>
    last === undefined ? (address?.test(text) ?? true) : isLast
  const command = script.slice(whole.length)
  if (command.startsWith('s'))
    return readSubstitution(command, { isExtended, applies, from: whole.length })
  if (/^d\s*(;|$)/.test(command)) {
    const edit: Edit = (text, isLast) => (applies(text, isLast) ? [] : [text])
    return { edit, length: whole.length + 1 }
  }
  // GNU's `a text` on one line; what follows is all text.
  const [, letter, added] = /^([aic])(?:\\\n|\\?[ \t]*)([^\\\n]*)$/.exec(command) ?? []
  if (letter === undefined || added === undefined) return undefined
  const edit: Edit = (text, isLast) => {
    if (!applies(text, isLast)) return [text]
    return letter === 'a' ? [text, added] : letter === 'i' ? [added, text] : [added]
  }
  return { edit, length: script.length }
}

function readSubstitution(
  command: string,
  {
    isExtended,
    applies,
    from,
  }: {
    readonly isExtended: boolean
    readonly applies: (text: string, isLast: boolean) => boolean
    readonly from: number
  },
): ReadEdit | undefined {
  const delimiter = command[1] ?? ''
  if (delimiter === '' || /[\\\n\w]/.test(delimiter)) return undefined
  const one = `((?:\\\\.|[^\\\\${/[\]^]/.test(delimiter) ? '\\' : ''}${delimiter}])*)`
  const separator = delimiter.replace(/[^\w]/, '\\$&')
  const parts = RegExp(`^s${separator}${one}${separator}${one}${separator}([a-zA-Z\\d]*)`, 's')
  const [whole, raw = '', replacement = '', flags = ''] = parts.exec(command) ?? []
  if (whole === undefined || !/^[gI]*$/.test(flags)) return undefined
  const pattern = patternOf(raw, { isExtended, delimiter, flags: flags.includes('I') ? 'i' : '' })
  const replace = replacementOf(replacement, delimiter)
  if (pattern === undefined || replace === undefined) return undefined
  const all = new RegExp(pattern.source, pattern.flags + (flags.includes('g') ? 'g' : ''))
  const edit: Edit = (text, isLast) =>
    applies(text, isLast)
      ? text.replace(all, (match, ...groups: unknown[]) => replace(match, groups)).split('\n')
      : [text]
  return { edit, length: from + whole.length }
}

/** Of `&`, `\1` and `\n`. */
function replacementOf(
  text: string,
  delimiter: string,
): ((match: string, groups: readonly unknown[]) => string) | undefined {
  if (/\\[^\d&n\\]/.test(text.replaceAll(`\\${delimiter}`, ''))) return undefined
  return (match, groups) =>
    text.replaceAll(/\\(.)|&/gs, (piece, escaped?: string) => {
      if (piece === '&') return match
      if (escaped === 'n') return '\n'
      if (/\d/.test(escaped ?? '')) {
        return escaped === '0' ? match : String(groups[Number(escaped) - 1] ?? '')
      }
      return escaped ?? ''
    })
}

/** A basic or an extended regular expression, where it means the same here; of `|` it does not. */
function patternOf(
  raw: string,
  { isExtended, delimiter, flags = '' }: { isExtended: boolean; delimiter: string; flags?: string },
): RegExp | undefined {
  const text = raw.replaceAll(`\\${delimiter}`, delimiter)
  let source = ''
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const [bracket] = /^\[\^?\]?[^\]\\]*\]/.exec(rest) ?? []
    const [escaped] = /^\\./s.exec(rest) ?? []
    const [classes] = /^\[\^?\]?(?:\[:\w+:\]|[^\]\\[])*\]/.exec(rest) ?? []
    const piece = classes ?? bracket ?? escaped ?? rest[0] ?? ''
    const own =
      classes !== undefined || bracket !== undefined
        ? bracketOf(piece)
        : signOf(piece, isExtended, at === 0, rest.length === piece.length)
    if (own === undefined) return undefined
    source += own
    at += piece.length
  }
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

const classesOf: Readonly<Record<string, string>> = {
  space: '\\s',
  blank: ' \\t',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
}

function bracketOf(bracket: string): string | undefined {
  let isKnown = true
  const inner = bracket.slice(1, -1).replaceAll(/\[:(\w+):\]/g, (_, name: string) => {
    isKnown &&= Object.hasOwn(classesOf, name)
    return classesOf[name] ?? ''
  })
  return isKnown ? `[${inner.replace(/^(\^?)\]/, '$1\\]').replaceAll('[', '\\[')}]` : undefined
}

function signOf(
  piece: string,
  isExtended: boolean,
  isFirst: boolean,
  isLast: boolean,
): string | undefined {
  if (piece === '\\n' || piece === '\\t' || piece === '\\s' || piece === '\\S') return piece
  if (piece.length === 2) {
    const sign = piece[1] ?? ''
    if (/[(){}+?]/.test(sign)) return isExtended ? `\\${sign}` : sign
    if (sign === '|' && isExtended) return '\\|'
    return /[\w|]/.test(sign) ? undefined : `\\${sign}`
  }
  if (piece === '.') return '.'
  if (piece === '*') return isFirst ? '\\*' : '*'
  if (piece === '^') return isFirst ? '^' : isExtended ? undefined : '\\^'
  if (piece === '$') return isLast ? '$' : isExtended ? undefined : '\\$'
  if (/[(){}+?]/.test(piece)) return isExtended ? piece : `\\${piece}`
  if (piece === '|') return isExtended ? undefined : '\\|'
  return /[\\/[\]]/.test(piece) ? `\\${piece}` : piece
}
