/**
 * Text from a cluster or a user, made harmless to look at: control characters (terminal escapes
 * among them) and those that turn the reading direction are replaced by a visible mark.
 */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll(hidden, '\uFFFD')
}

/** The same on one line, of at most `length` characters. */
export function oneLine(text: string, length = Number.POSITIVE_INFINITY): string {
  const line = visible(text.replaceAll(/\s+/g, ' ').trim())
  return line.length > length ? `${line.slice(0, Math.max(length - 1, 0))}…` : line
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g
