import { constants } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { InputError, messageOf } from './errors.ts'
import { isDeeperThan, mostLevels } from './nesting.ts'

/**
 * Reads a JSON file whole. Throws an InputError with the file for one that is missing, unreadable, not
 * JSON or nested deeper than 100 levels; `what` says what the file holds, such as `a run record`.
 */
export function readJson(file: string, what: string): unknown {
  const value = parse(readText(file, what), file)
  if (!isDeeperThan(value, mostLevels)) return value
  throw new InputError(`Expected ${file} to be nested at most ${mostLevels} levels, got more`, {
    file,
  })
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const found = messageOf(cause)
    throw new InputError(`Expected ${file} to be JSON, got: ${found}`, { file, found }, cause)
  }
}

/** What a string can hold. */
const largestBytes = constants.MAX_STRING_LENGTH

function readText(file: string, what: string): string {
  try {
    const { size } = statSync(file)
    if (size <= largestBytes) return readFileSync(file, 'utf8')
    throw new RangeError(`a file of ${size} bytes, more than ${largestBytes}`)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const found = missing ? 'no such file' : messageOf(cause)
    throw new InputError(`Expected ${what} at ${file}, got ${found}`, { file, found }, cause)
  }
}
