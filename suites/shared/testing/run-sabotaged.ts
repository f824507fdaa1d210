import { rmSync } from 'node:fs'
import {
  randomSeed,
  runStandalone,
  type Scenario,
  type ScenarioRecord,
  stderrLog,
} from '../../../harness/index.ts'

/** Conducts a scenario that must not hold, and removes its evidence: no report shows it. */
export async function runSabotaged(scenario: Scenario): Promise<ScenarioRecord> {
  const { record, directory } = await runStandalone(scenario, {
    log: stderrLog(),
    seed: randomSeed(),
  })
  rmSync(directory, { recursive: true })
  return record
}
