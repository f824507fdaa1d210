import type { Variables } from './shell-parameters.ts'
import { unresolved } from './unresolved.ts'

/**
 * The text with what Compose replaces in it: `$NAME`, `${NAME}`, and `${NAME:-word}` with `-`, `+` and `?` and
 * their forms with a colon, whose words may have variables of their own; `$$` is a dollar. A variable
 * without a value is marked, because the user's own environment may have one. Undefined for a text that
 * Compose refuses, such as `${1}`.
 */
export function interpolate(text: string, variables: Variables): string | undefined {
  let isRefused = false
  const replaced = text.replaceAll(parameter, (written, named?: string, braced?: string) => {
    if (written === '$$') return '$'
    if (named !== undefined) return textOf(named, variables)
    const value = braced === undefined ? undefined : expandBraces(written, variables)
    isRefused ||= value === undefined
    return value ?? ''
  })
  return isRefused ? undefined : replaced
}

// The braces within a word are not counted here: it goes as far as the last brace of the line.
const parameter = /\$\$|\$(?:([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?)\}|))/gi

/** What `${…}` becomes, together with the text that stands behind the brace that closes it. */
function expandBraces(written: string, variables: Variables): string | undefined {
  const end = closingBrace(written)
  const whole = end < 0 ? written : written.slice(0, end + 1)
  const [, name = '', operator = '', word = ''] =
    /^(\w+)(:?[-+?])?(.*)$/s.exec(whole.slice(2, -1)) ?? []
  if (operator === '') return textOf(name, variables)
  const value = variables.get(name)
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined
  const takesWord = operator.endsWith('+') ? isSet : !isSet
  const replaced = takesWord ? interpolate(word, variables) : (value ?? '')
  const rest = interpolate(written.slice(whole.length), variables)
  if (replaced === undefined || rest === undefined) return undefined
  // The word behind a question mark is a message.
  return (takesWord && operator.endsWith('?') ? unresolved(`\${${name}}`) : replaced) + rest
}

/** Behind an opening brace one character is passed over, whatever it is, as Compose does. */
function closingBrace(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '}' && --depth === 0) return at
    if (text[at] === '{') {
      depth++
      at++
    }
  }
  return -1
}

function textOf(name: string, variables: Variables): string {
  return variables.get(name) ?? unresolved(`\${${name}}`)
}
