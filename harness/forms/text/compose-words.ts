/**
 * The words of a command line of a Compose file, which no shell reads: quotes and backslashes are a
 * shell's, but `\n` and `\t` are a line and a tab, a `$` is itself, nothing begins a comment, and what
 * stands behind `;`, `&`, `|`, `<` or `>` is left out. Undefined for a line that Compose refuses: with a
 * quote that is not closed, or with parentheses without a dollar.
 */
export function composeWords(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  /** What ends a substitution, which stays as it is written. */
  let end: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string
    const former = word ?? ''
    if (char === '\\' && quote !== "'") {
      const escaped = line[++at]
      if (escaped === undefined) return undefined
      word = former + (escapes[escaped] ?? escaped)
    } else if ((char === '"' || char === "'") && end !== ')' && (quote ?? char) === char) {
      quote = quote === undefined ? char : undefined
      if (quote === undefined) word = former
    } else if (quote !== undefined || (end === '`' && char !== end)) word = former + char
    else if (char === '`' && end !== ')') {
      end = end === undefined ? char : undefined
      word = former + char
    } else if (char === '(' || char === ')') {
      const opens = char === '(' && former.endsWith('$')
      if (char === '(' ? end !== undefined || !opens : end !== char) return undefined
      end = opens ? ')' : undefined
      word = former + char
    } else if (end === undefined && /[;&|<>]/.test(char)) {
      // The number of a redirection is no word.
      if (char === '>' && /^\d/.test(former)) word = undefined
      break
    } else if (end === undefined && /[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = former + char
  }
  if (quote !== undefined || end !== undefined) return undefined
  return word === undefined ? words : [...words, word]
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' }
