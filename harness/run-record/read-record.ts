import { readJson } from '../core/read-json.ts'
import { expectShape, type Validator } from '../core/schema/validator.ts'

/** A JSON file of ours whose first field names its format and version, as its schema says. */
export interface RecordFormat<Content> {
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
  { what, validator }: RecordFormat<Content>,
): Content {
  return expectShape(validator, readJson(file, what), { what: 'the record', file })
}
