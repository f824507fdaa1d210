import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { readRun, refreshRun, saveScenario } from '../../run-record/run-directory.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'

// `npx node harness/scenario/testing/judge-saved-runs.ts` writes the verdicts of fixtures/runs/ again, from
// their evidence, without an engine: for a checker that says something else on purpose.
const root = join(import.meta.dirname, '../../../fixtures/runs')
for (const name of readdirSync(root).filter((one) => !one.endsWith('.md'))) {
  const path = join(root, name)
  const run = readRun(path)
  for (const saved of run.scenarios) {
    const { evidenceSha256, judgingMs } = saved
    const hasEvidence = evidenceSha256 !== undefined && judgingMs !== undefined
    const record = hasEvidence
      ? { ...judgeScenario(await readEvidence(join(path, saved.directory))), judgingMs }
      : saved
    saveScenario(path, record)
  }
  refreshRun(path, run.endedAt === undefined ? {} : { endedAt: run.endedAt })
}
