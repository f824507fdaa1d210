/**
 * Text from a cluster or a user, made safe to display: control characters (with terminal escapes)
 * and characters that change the reading direction become a visible mark.
 */
export function replaceInvisible(text: string): string {
  return text.toWellFormed().replaceAll(hidden, '\uFFFD')
}

const mostShown = 10_000

/** The same; of a longer text its beginning, and how long it is: the evidence has it whole. */
export function toVisible(text: string): string {
  if (text.length <= mostShown) return replaceInvisible(text)
  const length = text.length.toLocaleString('en-US')
  return `${replaceInvisible(text.slice(0, mostShown))}… (${length} characters)`
}

/** The same on one line, of at most `length` characters. */
export function toOneLine(text: string, length = Number.POSITIVE_INFINITY): string {
  const line = toVisible(text.replaceAll(/\s+/g, ' ').trim())
  return line.length > length ? `${line.slice(0, Math.max(length - 1, 0))}…` : line
}

const hidden = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/gu
