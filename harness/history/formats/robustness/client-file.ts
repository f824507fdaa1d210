import { findProblem, type Validator } from '../../../core/schema/validator.ts'
import { readWholeText } from '../../files/input.ts'
import { refuseIn } from '../format.ts'
import { readJson } from '../json.ts'

/** A file of one client: JSON objects, one after another. */
export interface ClientFile<Element> {
  readonly path: string
  readonly elements: readonly Element[]
  /** The line on which an element begins, counted from 1. */
  lineOf(index: number): number
}

/**
 * Throws an InputError that names the line and the element for what is no JSON, or not as the schema
 * says.
 */
export async function readClientFile<Element>(
  path: string,
  schema: Validator<Element>,
): Promise<ClientFile<Element>> {
  const text = keepIds(await readWholeText(path))
  const elements =
    parseQuickly(text) ?? Array.from(readJson(text, refuseIn(path)), ({ value }) => value)
  const lineOf = (index: number) => lineOfElement(text, index)
  for (const [index, element] of elements.entries()) {
    if (schema.accepts(element)) continue
    const problem = findProblem(schema, element, { what: 'an element' }) ?? ''
    refuseIn(path)({ line: lineOf(index), index }, problem)
  }
  return { path, elements: elements as Element[], lineOf }
}

/** Ids of leases have 63 bits: as text they stay exact. No string of JSON holds the name so quoted. */
function keepIds(text: string): string {
  return text.replaceAll(/("LeaseID"\s*:\s*)(\d{16,})/g, '$1"$2"')
}

/** Between two objects, and nowhere within a string of JSON. */
const border = /\}[ \t\r]*\n\s*\{/g

/** All at once, as one array; undefined where that is no JSON. */
function parseQuickly(text: string): unknown[] | undefined {
  try {
    return JSON.parse(`[${text.replaceAll(border, '},{')}]`)
  } catch {
    return undefined
  }
}

/** Only what is shown is looked for. */
function lineOfElement(text: string, index: number): number {
  let at = 0
  for (const { place } of readJson(text, refuseIn(''))) if (at++ === index) return place.line
  return 1
}
