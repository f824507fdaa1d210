import {
  randomSeed,
  runStandalone,
  type Scenario,
  type ScenarioRecord,
  stderrLog,
} from '../../../harness/index.ts'
import { removeUnlessFailed } from '../../../harness/scenario/testing/remove-unless-failed.ts'

/**
 * Conducts a scenario that must not hold, from a seed that it prints. No report shows its evidence,
 * which stays when the test fails.
 */
export async function runSabotaged(scenario: Scenario): Promise<ScenarioRecord> {
  const [log, seed] = [stderrLog(), randomSeed()]
  log.step(`${scenario.id}: seed ${seed}`)
  const { record, directory } = await runStandalone(scenario, { log, seed })
  removeUnlessFailed({ directory, seed, log })
  return record
}
