import { allArguments, isMarked, unresolved } from './unresolved.ts'

/** What a parameter becomes in a word: more than one text for `"${LIST[@]}"` alone. */
export type Expansion = readonly string[]

export type Variables = ReadonlyMap<string, string>

/** Between the words of an array, which stands under `NAME[@]`; in no file. */
const separator = '\u{10fffb}'

export function formatArray(words: readonly string[]): string {
  return words.join(separator)
}

/**
 * The length of the parameter that begins at the dollar: `$NAME`, `${…}` up to the brace that closes it.
 * Zero where the dollar is only a dollar.
 */
export function lengthOfParameter(text: string): number {
  const [plain] = /^\$([A-Za-z_]\w*|[\d@*#?$!-])/.exec(text) ?? []
  if (plain !== undefined) return plain.length
  if (!text.startsWith('${')) return 0
  let depth = 0
  for (let at = 1; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '{' && text[at - 1] === '$') depth++
    else if (char === '}' && --depth === 0) return at + 1
  }
  return 0
}

/**
 * What a POSIX shell, or bash, makes of a parameter. `word` evaluates the text behind an operator.
 * `assign` takes what `${NAME:=word}` sets. What no variable is known for, and an operation that is not known here, stays as it is written, and
 * is marked.
 */
export function expandParameter(
  written: string,
  variables: Variables,
  word: (text: string) => string,
  assign: (name: string, value: string) => void = () => undefined,
): Expansion {
  const inner = written.startsWith('${') ? written.slice(2, -1) : written.slice(1)
  if (inner === '@' || inner === '*') return [allArguments]
  const unknown = [unresolved(`\${${inner}}`)]
  const [, name = '', operation = ''] =
    /^([A-Za-z_]\w*(?:\[[@*]\])?|\d+|[#?$!-](?=$))(.*)$/s.exec(inner) ?? []
  const value = variables.get(name.replace('[*]', '[@]'))
  if (inner.startsWith('#') && inner.length > 1) {
    const counted = variables.get(inner.slice(1))
    return counted === undefined || isMarked(counted) ? unknown : [String([...counted].length)]
  }
  const [, operator, text = ''] = /^(:?[-=?+])(.*)$/s.exec(operation) ?? []
  if (operator !== undefined) {
    const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined
    if (operator.endsWith('+')) return isSet ? [word(text)] : ['']
    if (isSet) return wordsOf(value ?? '')
    if (!/[-=]$/.test(operator)) return unknown
    const otherwise = word(text)
    if (operator.endsWith('=')) assign(name, otherwise)
    return [otherwise]
  }
  if (value === undefined) return unknown
  if (operation === '') return wordsOf(value)
  const changed = isMarked(value) ? undefined : change(value, operation, word)
  return changed === undefined ? unknown : [changed]
}

const wordsOf = (value: string): Expansion => value.split(separator)

/** `#`, `##`, `%`, `%%`, `/`, `//`, `:offset:length`, `^^` and `,,`; undefined for another operation. */
function change(
  value: string,
  operation: string,
  word: (text: string) => string,
): string | undefined {
  const [, trim, trimmed = ''] = /^(##?|%%?)(.*)$/s.exec(operation) ?? []
  if (trim !== undefined) return trimPattern(value, trim, word(trimmed))
  const [, all, pattern = '', replacement = ''] = /^\/(\/?)([^/]+)\/?(.*)$/s.exec(operation) ?? []
  if (all !== undefined) {
    const source = patternSource(word(pattern), true)
    return value.replace(new RegExp(source, all === '' ? '' : 'g'), () => word(replacement))
  }
  const [, from, length] = /^:\s?(-?\d+)(?::(\d+))?$/.exec(operation) ?? []
  if (from !== undefined) {
    const rest = value.slice(Number(from))
    return length === undefined ? rest : rest.slice(0, Number(length))
  }
  if (operation === '^^') return value.toUpperCase()
  return operation === ',,' ? value.toLowerCase() : undefined
}

function trimPattern(value: string, trim: string, pattern: string): string {
  const isLongest = trim.length === 2
  const source = patternSource(pattern, isLongest)
  if (trim.startsWith('#')) return value.replace(new RegExp(`^${source}`, 's'), '')
  // The shortest end is the one that begins last.
  const starts = [...value, ''].map((_, index) => index)
  const at = (isLongest ? starts : starts.toReversed()).find((from) =>
    new RegExp(`^${source}$`, 's').test(value.slice(from)),
  )
  return at === undefined ? value : value.slice(0, at)
}

/** A shell's pattern as a regular expression. */
function patternSource(pattern: string, isGreedy: boolean): string {
  return pattern.replaceAll(
    /\\(.)|\*|\?|\[(!?)([^\]]+)\]|[\\^$.|+(){}[\]]/gs,
    (match, ...groups) => {
      const [escaped, not, set] = groups as (string | undefined)[]
      if (escaped !== undefined) return escaped.replaceAll(/[^\w\s]/g, '\\$&')
      if (match === '*') return isGreedy ? '.*' : '.*?'
      if (match === '?') return '.'
      if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replaceAll('\\', '\\\\')}]`
      return `\\${match}`
    },
  )
}
