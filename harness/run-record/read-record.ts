import { InputError } from '../core/errors.ts'
import { expectShape, type Validator } from '../core/schema.ts'
import { readJson } from './files.ts'

/** A JSON file of ours whose first field names its format and version. */
export interface RecordFormat<Content> {
  /** Such as `gauntlet-run/1`. */
  readonly format: string
  /** Such as `a run record`. */
  readonly what: string
  readonly validator: Validator<Content>
}

/**
 * Reads such a file. Throws an InputError with the file and, for a wrong field, its path, what was
 * expected and what was found.
 */
export function readRecord<Content>(
  file: string,
  { format, what, validator }: RecordFormat<Content>,
): Content {
  const parsed = readJson(file, what)
  expectFormat(file, parsed, format)
  return expectShape(validator, parsed, { what: 'the record', file })
}

/** Checked before anything else: of another format every field looks wrong. */
function expectFormat(file: string, parsed: unknown, expected: string): void {
  const found = (parsed as { format?: unknown } | null)?.format
  if (typeof found !== 'string' || found === expected) return
  const name = expected.split('/')[0] ?? ''
  const later = found.startsWith(`${name}/`) ? ': written by another version of gauntlet' : ''
  throw new InputError(
    `Expected \`format\` in ${file} to be "${expected}", got ${JSON.stringify(found)}${later}`,
    { file, path: 'format', expected, found },
  )
}
