/**
 * Stands before a part of a text whose value no given file has: `${QUOTA}` of an unset variable,
 * `$(nproc)`, `%H`. In a private use area, so that no file has it.
 */
const mark = '\u{10fffc}'
const allMarks = new RegExp(mark, 'gu')

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
