import type { Variables } from './shell-parameters.ts'
import { unresolved } from './unresolved.ts'

/**
 * The text with what Compose replaces in it: `$NAME`, `${NAME}`, and `${NAME:-word}` with `-`, `+` and `?` and
 * their forms with a colon, whose words may have variables of their own; `$$` is a dollar. A variable
 * without a value is marked, because the user's own environment may have one. Undefined for a text that
 * Compose refuses, such as `${1}`.
 */
export function interpolate(text: string, variables: Variables): string | undefined {
  return replaceIn(text, variables, 0)
}

/** Deeper in one another nobody writes them. */
const mostDepth = 100

const parameter = /\$(?:\$|([_a-z]\w*)|\{(?:([_a-z]\w*)(?:\}|(:?[-+?])))?)/gi

function replaceIn(text: string, variables: Variables, depth: number): string | undefined {
  if (depth > mostDepth) return undefined
  const parts: string[] = []
  const lastBrace = braceFinder(text)
  let at = 0
  for (;;) {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (match === null) return parts.join('') + text.slice(at)
    const [written, named, braced = '', operator] = match
    parts.push(text.slice(at, match.index))
    at = match.index + written.length
    if (written === '$$') parts.push('$')
    else if (named !== undefined) parts.push(textOf(named, variables))
    else if (operator === undefined) {
      if (braced === '') return undefined
      parts.push(textOf(braced, variables))
    } else {
      // The braces within a word are not counted here: it goes as far as the last brace of the line.
      const last = lastBrace(at)
      if (last === undefined) return undefined
      const end = closingBrace(text, match.index, last)
      const word = text.slice(at, end)
      const value = expandOperator({ name: braced, operator, word }, variables, depth)
      if (value === undefined) return undefined
      parts.push(value)
      at = end + 1
    }
  }
}

interface Operation {
  readonly name: string
  readonly operator: string
  readonly word: string
}

function expandOperator(
  { name, operator, word }: Operation,
  variables: Variables,
  depth: number,
): string | undefined {
  const value = variables.get(name)
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined
  const takesWord = operator.endsWith('+') ? isSet : !isSet
  if (!takesWord) return operator.endsWith('+') ? '' : value
  const replaced = replaceIn(word, variables, depth + 1)
  // The word behind a question mark is a message.
  return replaced !== undefined && operator.endsWith('?') ? unresolved(`\${${name}}`) : replaced
}

/** Finds the last closing brace of the line that a place is in, for places in ascending order. */
function braceFinder(text: string): (from: number) => number | undefined {
  let [line, last] = [-1, -1]
  return (from) => {
    if (from > line) {
      const newline = text.indexOf('\n', from)
      line = newline < 0 ? text.length : newline
      last = text.lastIndexOf('}', line)
    }
    return last < from ? undefined : last
  }
}

/**
 * The brace that closes the one behind the dollar at `from`, at `last` at the latest. Behind an opening
 * brace one character is passed over, whatever it is, as Compose does.
 */
function closingBrace(text: string, from: number, last: number): number {
  let depth = 0
  for (let at = from; at <= last; at++) {
    if (text[at] === '}' && --depth === 0) return at
    if (text[at] === '{') {
      depth++
      at++
    }
  }
  return last
}

function textOf(name: string, variables: Variables): string {
  return variables.get(name) ?? unresolved(`\${${name}}`)
}
