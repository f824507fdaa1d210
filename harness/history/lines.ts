import { createReadStream } from 'node:fs'
import { InputError } from '../core/errors.ts'

const longestLine = 16 * 2 ** 20
const pieceBytes = 2 ** 18

/**
 * Hands on every line that a line feed ends, in order, and resolves to what follows the last one.
 * Memory is bounded: throws an InputError with the line's number for one of 16 MiB or more.
 */
export async function readLines(file: string, onLine: (text: string) => void): Promise<string> {
  let rest = ''
  let number = 1
  for await (const piece of createReadStream(file, {
    encoding: 'utf8',
    highWaterMark: pieceBytes,
  })) {
    // Node's readline also splits at U+2028 and U+2029, which JSON may hold unescaped in a string.
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      onLine(line)
      number++
    }
    if (rest.length >= longestLine) {
      const problem = 'Expected lines under 16 MiB, got a longer one'
      throw new InputError(`${file}:${number}: ${problem}`, { file, line: number })
    }
  }
  return rest
}
