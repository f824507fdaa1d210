import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../harness/core/errors.ts'
import { readJson } from '../../harness/run-record/files.ts'
import { mismatchOf } from '../../harness/run-record/schema.ts'
import {
  type ThroughputRecord,
  throughputFile,
  throughputSchema,
} from '../../harness/run-record/throughput-record.ts'

/** What lies beside a scenario's history, or why it cannot be shown. */
export type SavedThroughput = { readonly record: ThroughputRecord } | { readonly damage: string }

/** Undefined for a scenario that measured no throughput. Never throws. */
export function readSavedThroughput(directory: string): SavedThroughput | undefined {
  const file = join(directory, throughputFile)
  if (!existsSync(file)) return undefined
  try {
    const content = readJson(file, 'what was measured')
    const wrong = mismatchOf(content, throughputSchema)
    if (wrong === undefined) return { record: content as ThroughputRecord }
    const { path, expected, found } = wrong
    return { damage: `${throughputFile}: expected ${path} to be ${expected}, got ${found}` }
  } catch (thrown) {
    return { damage: messageOf(thrown) }
  }
}
