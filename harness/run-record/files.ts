import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { InputError } from '../core/errors.ts'

/**
 * Replaces a JSON file in one step: a reader, or the next start after a kill, finds the old
 * content or the new and never half of one.
 */
export function replaceJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.tmp`
  try {
    const file = openSync(temporary, 'w')
    try {
      writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
}

/** Joins a path from a record to its run directory; throws when it would lead outside. */
export function insideRun(directory: string, relative: string): string {
  const root = resolve(directory)
  const path = resolve(root, relative)
  if (path.startsWith(root + sep)) return path
  throw new InputError(
    `Expected a path inside the run directory, got ${JSON.stringify(relative)}`,
    {
      path: relative,
    },
  )
}

/** Throws an InputError unless the name is safe as a file name everywhere. */
export function safeName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,100}$/.test(name)) return name
  throw new InputError(
    `Expected a name of letters, digits, dots, dashes and underscores, got ${JSON.stringify(name)}`,
    { name },
  )
}
