import {
  randomSeed,
  runStandalone,
  type Scenario,
  type ScenarioRecord,
  stderrLog,
} from '../../../harness/index.ts'
import { removeUnlessFailed } from '../../../harness/scenario/testing/remove-unless-failed.ts'

/**
 * For a scenario whose promise never comes true: deadlines are met within a fraction of them, or not
 * at all.
 */
export const shortDeadlines = { timeScale: 0.35 }

/**
 * Conducts a scenario that must not hold, from a seed that it prints. No report shows its evidence,
 * which stays when the test fails. Deadlines, and how long faults last, are `timeScale` times as long.
 */
export async function runSabotaged(
  scenario: Scenario,
  { timeScale }: { readonly timeScale?: number } = {},
): Promise<ScenarioRecord> {
  const [log, seed] = [stderrLog(), randomSeed()]
  log.step(`${scenario.id}: seed ${seed}`)
  const options = { log, seed, ...(timeScale !== undefined && { timeScale }) }
  const { record, directory } = await runStandalone(scenario, options)
  removeUnlessFailed({ directory, seed, log })
  log.step(`${scenario.id}: ${record.outcome}, ${record.reason}`)
  return record
}
