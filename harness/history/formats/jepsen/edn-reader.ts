import { mostLevels } from '../../../core/nesting.ts'
import type { EdnCursor } from './edn-cursor.ts'

/** Reads the values of EDN at a cursor. `depth` is how many values the present one lies in. */
export interface EdnReader {
  /** Passes white space, comments, and values that `#_` takes out. */
  skip(depth: number): void
  value(depth: number): unknown
}

export const closingOf: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }

export function createEdnReader(cursor: EdnCursor): EdnReader {
  const { fail, peek, take, isAtEnd, skipBlank, string, character, token } = cursor
  const expectShallow = (depth: number): void => {
    if (depth > mostLevels)
      fail(`Expected values nested at most ${mostLevels} deep, got deeper ones`)
  }

  const skip = (depth: number): void => {
    for (skipBlank(); peek() === '#' && peek(1) === '_'; skipBlank()) {
      take(2)
      discard(depth)
    }
  }

  const discard = (depth: number): void => {
    expectShallow(depth)
    skip(depth + 1)
    value(depth + 1)
  }

  const value = (depth: number): unknown => {
    expectShallow(depth)
    const first = peek()
    if (first === undefined) return fail('Expected a value, got the end of the file')
    if (first === '"') return string()
    if (first === '[' || first === '(') return list(closingOf[first] as string, depth)
    if (first === '{') return mapOf(list('}', depth), fail)
    if (first === '#') return tagged(depth)
    if (first === '\\') return character()
    if (first === '^') return withoutMetadata(depth)
    return atom(token())
  }

  const list = (closing: string, depth: number): unknown[] => {
    take()
    const items: unknown[] = []
    for (skip(depth); peek() !== closing; skip(depth)) {
      if (isAtEnd()) fail(`Expected \`${closing}\`, got the end of the file`)
      items.push(value(depth + 1))
    }
    take()
    return items
  }

  const tagged = (depth: number): unknown => {
    take()
    const first = peek()
    if (first === '{') return { '#set': list('}', depth).sort(byText) }
    if (first === '"') return { '#regex': string() }
    if (first === '#') {
      take()
      return { '#number': token() }
    }
    const tag = token()
    skip(depth)
    const held = value(depth + 1)
    const isRecord = tag.startsWith(':') || (tag.includes('.') && typeof held === 'object')
    return isRecord ? held : { [`#${tag}`]: held }
  }

  const withoutMetadata = (depth: number): unknown => {
    take()
    discard(depth)
    skip(depth)
    return value(depth + 1)
  }

  return { skip, value }
}

/** Keys and values in turn, as a map. */
function mapOf(items: readonly unknown[], fail: EdnCursor['fail']): Record<string, unknown> {
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

const constants = new Map<string, unknown>([
  ['nil', null],
  ['true', true],
  ['false', false],
])

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
