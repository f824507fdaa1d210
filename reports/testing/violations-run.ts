import { join } from 'node:path'
import { writeRun } from '../../harness/run-record/run-directory.ts'
import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { sampleRun } from '../../harness/run-record/testing/sample-run.ts'
import {
  type ViolationOptions,
  writeViolation,
} from '../../harness/scenario/testing/write-violation.ts'

export const kinds = ['durability', 'lease', 'lock'] as const

/** A run with one scenario for each kind of violation that has a picture of its own. */
export async function writeViolationsRun(
  directory: string,
  texts: Omit<ViolationOptions, 'kind'> = {},
): Promise<readonly ScenarioRecord[]> {
  const records: ScenarioRecord[] = []
  for (const kind of kinds) {
    const path = join(directory, `scenarios/broken/${kind}`)
    records.push(await writeViolation(path, { ...texts, kind }))
  }
  writeRun({ path: directory }, sampleRun(records))
  return records
}
