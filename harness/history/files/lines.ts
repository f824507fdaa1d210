import { InputError } from '../../core/errors.ts'
import { unreadableFile } from './input.ts'
import { isDamage, openText } from './text.ts'

const longestLine = 16 * 2 ** 20

/**
 * Hands on every line that a line feed ends, in order, and resolves to what follows the last one;
 * a name that ends with `.gz` is a compressed file's. Memory is bounded: throws an InputError with
 * the line's number for one of 16 MiB or more, and one for a damaged compressed file.
 */
export async function readLines(file: string, onLine: (text: string) => void): Promise<string> {
  try {
    return await readEachLine(file, onLine)
  } catch (thrown) {
    throw isDamage(thrown) ? unreadableFile(file, thrown) : thrown
  }
}

async function readEachLine(file: string, onLine: (text: string) => void): Promise<string> {
  let rest = ''
  let number = 1
  for await (const piece of openText(file).setEncoding('utf8')) {
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
