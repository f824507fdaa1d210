import { mostLevels } from '../../../core/nesting.ts'
import type { Element, FilePlace, Refuse } from '../format.ts'

/**
 * Reads EDN (github.com/edn-format/edn) as Jepsen's stores hold it, into JSON values: keywords are
 * strings with their colon, maps are objects, a record such as `#jepsen.history.Op{…}` is its map.
 * What JSON has not is an object of one field with a `#`: `{"#set":[…]}`, `{"#inst":"…"}`.
 */
export function* readEdn(text: string, refuse: Refuse): Generator<Element, void> {
  const reader = createReader(text, refuse)
  reader.skip(0)
  const closing = closingOf[text[reader.position()] ?? '']
  const isOneList = closing === ']' || closing === ')'
  if (isOneList) reader.take()
  for (let index = 0; ; index++) {
    reader.skip(0)
    if (reader.isAtEnd()) {
      if (isOneList) reader.fail(`Expected \`${closing}\`, got the end of the file`)
      return
    }
    if (isOneList && text[reader.position()] === closing) {
      reader.take()
      reader.skip(0)
      if (!reader.isAtEnd()) reader.fail('Expected the end of the file after the list')
      return
    }
    const line = reader.line()
    yield { value: reader.value(0), place: isOneList ? { line, index } : { line } }
  }
}

/** The value with which a text begins; what follows it is not looked at. */
export function readEdnValue(text: string, { line }: FilePlace, refuse: Refuse): unknown {
  const reader = createReader(text, (_, problem) => refuse({ line }, problem))
  reader.skip(0)
  return reader.value(0)
}

const closingOf: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
const space = codesOf(' \t\n\r\f\v,\u00A0\uFEFF')
const ends = new Set([...space, ...codesOf('()[]{}";')])
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
}

function createReader(text: string, refuse: Refuse) {
  let at = 0
  let lines = 1
  let next = text.indexOf('\n')
  // The next line feed is kept: of a file in one line, each search for it reads all that follows.
  const line = () => {
    while (next >= 0 && next < at) {
      lines++
      next = text.indexOf('\n', next + 1)
    }
    return lines
  }
  const fail = (problem: string): never => refuse({ line: line() }, problem)

  const expectShallow = (depth: number): void => {
    if (depth > mostLevels)
      fail(`Expected values nested at most ${mostLevels} deep, got deeper ones`)
  }

  /** Passes white space, comments, and values that `#_` takes out. */
  const skip = (depth: number): void => {
    for (;;) {
      while (space.has(text.charCodeAt(at))) at++
      if (text[at] === ';') {
        const end = text.indexOf('\n', at)
        at = end < 0 ? text.length : end
      } else if (text[at] === '#' && text[at + 1] === '_') {
        at += 2
        discard(depth)
      } else return
    }
  }

  const discard = (depth: number): void => {
    expectShallow(depth)
    skip(depth + 1)
    value(depth + 1)
  }

  const value = (depth: number): unknown => {
    expectShallow(depth)
    const first = text[at]
    if (first === undefined) return fail('Expected a value, got the end of the file')
    if (first === '"') return string()
    if (first === '[' || first === '(') return list(closingOf[first] as string, depth)
    if (first === '{') return map(depth)
    if (first === '#') return tagged(depth)
    if (first === '\\') return character()
    if (first === '^') return withoutMetadata(depth)
    return atom(token())
  }

  const list = (closing: string, depth: number): unknown[] => {
    at++
    const items: unknown[] = []
    for (;;) {
      skip(depth)
      if (text[at] === closing) break
      if (at >= text.length) fail(`Expected \`${closing}\`, got the end of the file`)
      items.push(value(depth + 1))
    }
    at++
    return items
  }

  const map = (depth: number): Record<string, unknown> => {
    const items = list('}', depth)
    if (items.length % 2 > 0) fail('Expected a value for each key of a map, got one without')
    // Not Object.fromEntries: assigned in one order, the maps of a history share one shape.
    const fields: Record<string, unknown> = {}
    for (let index = 0; index < items.length; index += 2) {
      const name = nameOf(items[index])
      if (name === '__proto__') fail('Expected keys of maps to be names, got __proto__')
      if (Object.hasOwn(fields, name)) fail(`Expected a key once in a map, got ${name} twice`)
      fields[name] = items[index + 1]
    }
    return fields
  }

  const tagged = (depth: number): unknown => {
    at++
    if (text[at] === '{') return { '#set': list('}', depth).sort(byText) }
    if (text[at] === '"') return { '#regex': string() }
    if (text[at] === '#') {
      at++
      return { '#number': token() }
    }
    const tag = token()
    skip(depth)
    const held = value(depth + 1)
    const isRecord = tag.startsWith(':') || (tag.includes('.') && typeof held === 'object')
    return isRecord ? held : { [`#${tag}`]: held }
  }

  const withoutMetadata = (depth: number): unknown => {
    at++
    discard(depth)
    skip(depth)
    return value(depth + 1)
  }

  const string = (): string => {
    let held = ''
    for (let start = at + 1; ; start = at) {
      at = start
      while (at < text.length && text[at] !== '"' && text[at] !== '\\') at++
      held += text.slice(start, at)
      if (at >= text.length) fail('Expected the end of a string, got the end of the file')
      if (text[at++] === '"') return held
      held += escaped()
    }
  }

  const escaped = (): string => {
    const name = text[at++] ?? ''
    const hex = name === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at, at + 4))?.[0] : undefined
    if (hex === undefined) return escapes[name] ?? fail(`Expected an escape, got \\${name}`)
    at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  const character = (): unknown => {
    const start = at
    at += 2
    while (at < text.length && !ends.has(text.charCodeAt(at))) at++
    return { '#char': text.slice(start + 1, at) }
  }

  const token = (): string => {
    const start = at
    while (at < text.length && !ends.has(text.charCodeAt(at))) at++
    return at > start ? text.slice(start, at) : fail(`Expected a value, got \`${text[at] ?? ''}\``)
  }

  return {
    skip,
    value,
    line,
    fail,
    take: () => at++,
    position: () => at,
    isAtEnd: () => at >= text.length,
  }
}

const constants = new Map<string, unknown>([
  ['nil', null],
  ['true', true],
  ['false', false],
])

function codesOf(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)))
}

/** A number, keyword or symbol. What a double cannot hold exactly stays text, so that it compares. */
function atom(token: string): unknown {
  const constant = constants.get(token)
  if (constant !== undefined) return constant
  if (!/^[+-]?\d/.test(token)) return token
  if (/^[+-]?\d+N?$/.test(token)) {
    const number = Number.parseInt(token, 10)
    if (Number.isSafeInteger(number)) return number
  }
  const number = Number(token)
  if (/^[+-]?\d+\.\d+(e[+-]?\d+)?$/i.test(token)) return number
  return { '#number': token.replace(/^\+|N$/g, '') }
}

function nameOf(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}
