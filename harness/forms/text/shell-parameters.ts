import { allArguments, isMarked, unresolved } from './unresolved.ts'

/** What a parameter becomes in a word: any number of texts for `"${LIST[@]}"`, else one. */
export type Expansion = readonly string[]

export type Variables = ReadonlyMap<string, string>

/** Between the words of an array, which stands under `NAME[@]`; in no file. */
const separator = '\u{10fffb}'

export function formatArray(words: readonly string[]): string {
  return words.join(separator)
}

/** The words of an array; of one that is empty none. */
export function parseArray(value: string): readonly string[] {
  return value === '' ? [] : value.split(separator)
}

/** The name under which the words of `set -- WORDS` stand. */
const positional = '@'

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
  if (inner === '@' || inner === '*') {
    const given = variables.get(positional)
    return given === undefined ? [allArguments] : parseArray(given)
  }
  const unknown = [unresolved(`\${${inner}}`)]
  const [, name = '', operation = ''] =
    /^([A-Za-z_]\w*(?:\[[^\]]*\])?|\d+|[#?$!-](?=$))(.*)$/s.exec(inner) ?? []
  const isArray = /\[[@*]\]$/.test(name)
  const value = isArray
    ? variables.get(name.replace('[*]', '[@]'))
    : (variables.get(name) ?? elementOf(name, variables, word))
  const all = (text: string) => (isArray ? parseArray(text) : [text])
  if (inner.startsWith('#') && inner.length > 1) {
    const counted = variables.get(inner.slice(1))
    return counted === undefined || isMarked(counted) ? unknown : [String([...counted].length)]
  }
  const [, operator, text = ''] = /^(:?[-=?+])(.*)$/s.exec(operation) ?? []
  if (operator !== undefined) {
    // An array without words counts as not set.
    const isSet = operator.startsWith(':') || isArray ? Boolean(value) : value !== undefined
    if (operator.endsWith('+')) return isSet ? [word(text)] : all('')
    if (isSet) return all(value ?? '')
    if (!/[-=]$/.test(operator)) return unknown
    const otherwise = word(text)
    if (operator.endsWith('=')) assign(name, otherwise)
    return [otherwise]
  }
  if (value === undefined) return unknown
  if (operation === '') return all(value)
  const changed = isMarked(value) ? undefined : change(value, operation, word)
  return changed === undefined ? unknown : [changed]
}

/** `${NODES[1]}` and `${OPTIONS[name]}`, set one by one or with the array; `$NODES` is the first. */
function elementOf(
  written: string,
  variables: Variables,
  word: (text: string) => string,
): string | undefined {
  const [, name = '', raw = '0'] = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/s.exec(written) ?? []
  const key = word(raw.replaceAll(/["']/g, ''))
  const own = variables.get(`${name}[${key}]`)
  const array = variables.get(`${name}[@]`)
  if (own !== undefined || array === undefined) return own
  const words = parseArray(array)
  const start = `[${key}]=`
  const named = words.find((each) => each.startsWith(start))
  return named?.slice(start.length) ?? (/^\d+$/.test(key) ? words[Number(key)] : undefined)
}

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

/** What `set --` and a call of a function set: `$@`, `$1` and those behind it. */
export function setPositional(values: Map<string, string>, words: readonly string[]): void {
  for (let at = words.length + 1; values.has(String(at)); at++) values.delete(String(at))
  values.set(positional, formatArray(words))
  for (const [index, word] of words.entries()) values.set(String(index + 1), word)
}

export function shiftPositional(values: Map<string, string>, count: number): void {
  const words = values.get(positional)
  if (words === undefined) return
  const all = parseArray(words)
  const rest = all.slice(count)
  for (const index of all.keys()) if (index >= rest.length) values.delete(String(index + 1))
  setPositional(values, rest)
}

/** What `run` does with those words as the positional parameters, which are the former ones behind it. */
export function withPositional<Result>(
  values: Map<string, string>,
  words: readonly string[],
  run: () => Result,
): Result {
  const former = values.get(positional)
  const given = former === undefined ? [] : parseArray(former)
  for (const index of given.keys()) values.delete(String(index + 1))
  setPositional(values, words)
  const result = run()
  setPositional(values, given)
  if (former === undefined) values.delete(positional)
  return result
}
