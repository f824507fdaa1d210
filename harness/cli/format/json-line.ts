/**
 * One line of JSON. Characters that some readers take for the end of a line, or that turn the
 * reading direction, are escaped.
 */
export function formatJsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    hidden,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const hidden = /[\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g
