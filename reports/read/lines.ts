import { createReadStream } from 'node:fs'

/**
 * A file's lines, split at line feeds alone. Node's readline also splits at U+2028 and U+2029,
 * which JSON may hold unescaped within a string.
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
