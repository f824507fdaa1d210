import { isDeepStrictEqual } from 'node:util'
import { describeValue } from '../../core/schema/mismatch.ts'
import type { Digests } from '../evidence/files.ts'
import type { ScenarioRecord } from '../run-record.ts'

/**
 * What differs between a saved record and the one that its evidence gives now, a line each: the
 * files that are not those that were judged, then the fields. How long checkers took is no
 * difference. `file` is the saved record's name.
 */
export function findDifferences(
  saved: ScenarioRecord,
  judged: ScenarioRecord,
  file: string,
): string[] {
  const { evidenceSha256: before, judgingMs: _took, ...expected } = asSaved(saved)
  const { evidenceSha256: now = {}, judgingMs: _takes, ...found } = asSaved(judged)
  const files =
    before === undefined ? [`${file} holds no SHA-256 of its evidence`] : changedFiles(before, now)
  return [...files, ...describeDifferences(expected, found, { saved: file })]
}

/** What differs between two objects, a line each field, with the names of their files. */
export function describeDifferences(
  expected: object,
  found: object,
  files: { readonly saved: string; readonly found?: string },
): string[] {
  const place = files.found === undefined ? '' : ` in ${files.found}`
  return firstDifferences(expected, found).map(({ path, was, is }) => {
    const [before, after] = [was, is].map(describeValue)
    return `expected \`${path}\` to be ${before} as in ${files.saved}, got ${after}${place}`
  })
}

interface Difference {
  /** Such as `verdicts[0].reason`. */
  readonly path: string
  readonly was: unknown
  readonly is: unknown
}

/** The first difference in each field. */
function firstDifferences(expected: object, found: object): Difference[] {
  const fields = new Set([...Object.keys(expected), ...Object.keys(found)])
  return [...fields].flatMap((field) => {
    const difference = differenceAt(field, fieldOf(expected, field), fieldOf(found, field))
    return difference === undefined ? [] : [difference]
  })
}

function differenceAt(path: string, was: unknown, is: unknown): Difference | undefined {
  if (isDeepStrictEqual(was, is)) return undefined
  if (!isContainer(was) || !isContainer(is) || Array.isArray(was) !== Array.isArray(is)) {
    return { path, was, is }
  }
  const [first] = firstDifferences(was, is)
  if (first === undefined) return { path, was, is }
  const inner = Array.isArray(was) ? first.path.replace(/^(\d+)/, '[$1]') : `.${first.path}`
  return { ...first, path: path + inner }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

function fieldOf(container: object, field: string): unknown {
  return Object.hasOwn(container, field) ? (container as Record<string, unknown>)[field] : undefined
}

/** As it comes back from its file: what JSON leaves out is no difference. */
function asSaved(record: ScenarioRecord): ScenarioRecord {
  return JSON.parse(JSON.stringify(record))
}

/** As `findDifferences`, of a scenario without a file of evidence: nothing is judged again. */
export function findMissing({ evidenceSha256 = {} }: ScenarioRecord): string[] {
  return changedFiles(evidenceSha256, {})
}

function changedFiles(before: Digests, now: Digests): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((name) => {
    if (before[name] === now[name]) return []
    if (before[name] === undefined) return [`${name} was not there when the scenario was judged`]
    if (now[name] === undefined) return [`${name} is missing`]
    return [`${name} is not the file that was judged: its SHA-256 differs`]
  })
}
