/**
 * Stands before a part of a text whose value no given file has: `${QUOTA}` of an unset variable,
 * `$(nproc)`, `%H`. In a private use area, so that no file has it.
 */
const mark = '\u{10fffc}'
const allMarks = new RegExp(mark, 'gu')
const markedNames = new RegExp(`${mark}\\$\\{(\\w+)\\}`, 'gu')

/** The text as it is written, marked as one whose value is not known. */
export function unresolved(text: string): string {
  return mark + text
}

/** Whether a part of the value is not known, or is a template's to fill in. */
export function isUnresolved(text: string): boolean {
  return isMarked(text) || isTemplate(text)
}

/** Whether a part of it is marked. */
export function isMarked(text: string): boolean {
  return text.includes(mark)
}

/** Stands for `"$@"`, whose words no file has. */
export const allArguments = '\u{10fffd}'

/** `{{ name }}`, `{% if … %}` and `<%= name %>`, of the templates that people fill files from. */
export function isTemplate(text: string): boolean {
  return /\{\{.*\}\}|\{%.*%\}|<%.*%>/s.test(text)
}

/** The text as the file has it. */
export function withoutMarks(text: string): string {
  return text.replaceAll(allMarks, '')
}

/** `${NAME}` of unknown value as `$NAME`, which no unit reads as a variable of its own. */
export function plainNames(text: string): string {
  return text.replaceAll(markedNames, (_, name: string) => `${mark}$${name}`)
}

/** The text between its white space, where a part that is marked is whole: `$(hostname -i)`. */
export function splitAtSpaces(text: string): readonly string[] {
  const parts = ['']
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const [space] = /^\s+/.exec(rest) ?? []
    const taken = space ?? rest.slice(0, rest.startsWith(mark) ? lengthOfMarked(rest) : 1)
    if (space === undefined) parts.push((parts.pop() ?? '') + taken)
    else parts.push('')
    at += taken.length
  }
  return parts
}

/** The mark with what it stands before: up to the bracket that closes, or to the next white space. */
function lengthOfMarked(text: string): number {
  const [quoted] = /^.`[^`]*`/su.exec(text) ?? []
  if (quoted !== undefined) return quoted.length
  const opening = text.charAt(mark.length + 1)
  const closing = opening === '{' ? '}' : ')'
  if (!/^.\$[{(]/su.test(text)) return (/^.\S*/su.exec(text)?.[0] ?? text).length
  let depth = 0
  for (let at = mark.length + 1; at < text.length; at++) {
    if (text[at] === opening) depth++
    else if (text[at] === closing && --depth === 0) return at + 1
  }
  return text.length
}
