import type { Refuse } from '../format.ts'

/** Where a reader of EDN is, and what it reads there that holds no other values. */
export interface EdnCursor {
  readonly fail: (problem: string) => never
  readonly line: () => number
  /** The present character, or one further on; undefined at the end. */
  readonly peek: (further?: number) => string | undefined
  readonly take: (count?: number) => void
  readonly isAtEnd: () => boolean
  /** Passes white space and comments. */
  readonly skipBlank: () => void
  readonly string: () => string
  readonly character: () => unknown
  /** What goes on until a blank, a bracket or a quote. */
  readonly token: () => string
}

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

export function createEdnCursor(text: string, refuse: Refuse): EdnCursor {
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
  const passToken = () => {
    while (at < text.length && !ends.has(text.charCodeAt(at))) at++
  }

  const skipBlank = (): void => {
    for (;;) {
      while (space.has(text.charCodeAt(at))) at++
      if (text[at] !== ';') return
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    }
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
    const start = at + 1
    at += 2
    passToken()
    return { '#char': text.slice(start, at) }
  }

  const token = (): string => {
    const start = at
    passToken()
    return at > start ? text.slice(start, at) : fail(`Expected a value, got \`${text[at] ?? ''}\``)
  }

  return {
    fail,
    line,
    peek: (further = 0) => text[at + further],
    take: (count = 1) => {
      at += count
    },
    isAtEnd: () => at >= text.length,
    skipBlank,
    string,
    character,
    token,
  }
}

function codesOf(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)))
}
