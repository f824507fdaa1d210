import { messageOf } from '../../core/errors.ts'
import { mostLevels } from '../../core/nesting.ts'
import type { Element, FilePlace, Refuse } from './format.ts'

const byteOrderMark = '\uFEFF'

/**
 * Reads one JSON array, or JSON objects one after another, element by element, so that each has its
 * line. `revive` is JSON.parse's.
 */
export function* readJson(
  text: string,
  refuse: Refuse,
  revive?: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
): Generator<Element, void> {
  const parse = (source: string, place: FilePlace): unknown => {
    try {
      return JSON.parse(source, revive as Parameters<typeof JSON.parse>[1])
    } catch (thrown) {
      return refuse(place, `Expected a JSON object, got ${shorten(source)}: ${messageOf(thrown)}`)
    }
  }
  const scan = createScan(text, refuse)
  scan.skip('')
  const isArray = scan.takes('[')
  for (let index = 0; ; index++) {
    scan.skip(isArray && index > 0 ? ',' : '')
    if (isArray && scan.takes(']')) break
    if (scan.isAtEnd()) {
      if (!isArray) return
      scan.fail('Expected the array to end with `]`, got the end of the file')
    }
    const place = isArray ? { line: scan.line(), index } : { line: scan.line() }
    yield { value: parse(scan.object(place), place), place }
  }
  scan.skip('')
  if (!scan.isAtEnd()) scan.fail('Expected the end of the file after the array, got more')
}

function createScan(text: string, refuse: Refuse) {
  let at = text.startsWith(byteOrderMark) ? 1 : 0
  let line = 1
  const fail = (problem: string): never => refuse({ line }, problem)
  const passString = () => {
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
  }
  return {
    fail,
    line: () => line,
    isAtEnd: () => at >= text.length,
    takes: (character: string) => {
      if (text[at] !== character) return false
      at++
      return true
    },
    /** Passes white space, and one `separator` in it. */
    skip: (separator: string) => {
      for (let passed = separator === ''; at < text.length; at++) {
        const character = text[at] as string
        if (character === '\n') line++
        else if (!passed && character === separator) passed = true
        else if (!/\s/.test(character)) return
      }
    },
    /** The text of the object that begins here. */
    object: (place: FilePlace): string => {
      const start = at
      if (text[at] !== '{') refuse(place, `Expected a JSON object, got ${shorten(text.slice(at))}`)
      for (let depth = 0; at < text.length; at++) {
        const character = text[at]
        if (character === '"') passString()
        else if (character === '\n') line++
        else if (character === '{' || character === '[') {
          if (++depth > mostLevels) {
            refuse(place, `Expected values nested at most ${mostLevels} deep, got deeper ones`)
          }
        } else if (character === '}' || character === ']') {
          if (--depth === 0) return text.slice(start, ++at)
        }
      }
      return refuse(place, 'Expected an object to end with `}`, got the end of the file')
    },
  }
}

function shorten(text: string): string {
  const [first = ''] = text.slice(0, 40).split('\n')
  return `\`${first}${first.length < text.length ? '…' : ''}\``
}
