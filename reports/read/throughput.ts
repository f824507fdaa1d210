import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../harness/core/errors.ts'
import { readJson } from '../../harness/core/read-json.ts'
import { expectShape } from '../../harness/core/schema/validator.ts'
import {
  type ThroughputRecord,
  throughputFile,
  throughputValidator,
} from '../../harness/run-record/throughput-record.ts'

/** A scenario's measurements, or why they cannot be shown. */
export type SavedThroughput = { readonly record: ThroughputRecord } | { readonly damage: string }

/** Undefined for a scenario that measured no throughput. Never throws. */
export function readSavedThroughput(directory: string): SavedThroughput | undefined {
  const file = join(directory, throughputFile)
  if (!existsSync(file)) return undefined
  try {
    const content = readJson(file, 'what was measured')
    const source = { what: 'the measurements', file: throughputFile }
    return { record: expectShape(throughputValidator, content, source) }
  } catch (thrown) {
    return { damage: messageOf(thrown) }
  }
}
