import { isDeepStrictEqual } from 'node:util'
import { describeValue } from '../core/schema-mismatch.ts'
import type { Digests } from './evidence-files.ts'
import type { ScenarioRecord } from './run-record.ts'

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
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(found)])] as FieldName[]
  return [
    ...files,
    ...fields
      .filter((field) => !isDeepStrictEqual(expected[field], found[field]))
      .map((field) => {
        const [was, is] = [expected[field], found[field]].map(describeValue)
        return `expected \`${field}\` to be ${was} as in ${file}, got ${is}`
      }),
  ]
}

type FieldName = Exclude<keyof ScenarioRecord, 'evidenceSha256' | 'judgingMs'>

/** As it comes back from its file: what JSON leaves out is no difference. */
function asSaved(record: ScenarioRecord): ScenarioRecord {
  return JSON.parse(JSON.stringify(record))
}

function changedFiles(before: Digests, now: Digests): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((name) => {
    if (before[name] === now[name]) return []
    if (before[name] === undefined) return [`${name} was not there when the scenario was judged`]
    if (now[name] === undefined) return [`${name} is missing`]
    return [`${name} is not the file that was judged: its SHA-256 differs`]
  })
}
