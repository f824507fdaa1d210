/**
 * Text from a cluster or a user, made safe to display: control characters (with terminal escapes)
 * and characters that change the reading direction become a visible mark.
 */
export function replaceInvisible(text: string): string {
  return text.toWellFormed().replaceAll(hidden, '\uFFFD')
}

/** The same on one line, of at most `length` characters. */
export function toOneLine(text: string, length = Number.POSITIVE_INFINITY): string {
  const line = replaceInvisible(text.replaceAll(/\s+/g, ' ').trim())
  return line.length > length ? `${line.slice(0, Math.max(length - 1, 0))}…` : line
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds them
const hidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g
