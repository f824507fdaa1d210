import { toVisible } from '../text.ts'

/** Markup that is safe to be put into a page; only `html` and `trustHtml` make it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | false | null | readonly Part[]

/** Escapes every string; markup, arrays of markup and absent parts pass unchanged. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((string, index) => (index === 0 ? '' : render(parts[index - 1])) + string).join(''),
  )
}

/** For our own constants, such as the style sheet. Never for text from a run. */
export function trustHtml(text: string): Html {
  return new Html(text)
}

function escapeHtml(text: string): string {
  return toVisible(text).replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** JSON for a script element: nothing in it can end the element or a line of JavaScript. */
export function embedJson(value: unknown): Html {
  const json = JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return new Html(json)
}

function render(part: Part): string {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map((entry) => render(entry as Part)).join('')
  if (part === undefined || part === null || part === false) return ''
  return escapeHtml(String(part))
}
