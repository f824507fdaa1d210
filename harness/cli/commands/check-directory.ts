import { type ExitCode, exitCodes } from '../../core/errors.ts'
import type { RunRecord } from '../../run-record/run-record.ts'
import { verdictOf } from '../../run-record/verdict.ts'
import {
  type CheckedScenario,
  checkRun,
  checkScenarioDirectory,
  readSavedRun,
} from '../../scenario/check-saved.ts'

/**
 * Judges a run's or a scenario's directory again and hands on each scenario as it is judged.
 * Resolves to the exit code. Throws an InputError for a directory that is neither.
 */
export async function checkDirectory(
  directory: string,
  show: (scenario: CheckedScenario) => void,
): Promise<ExitCode> {
  const run = await readSavedRun(directory)
  const checked: CheckedScenario[] = []
  if (run === undefined) {
    checked.push(await checkScenarioDirectory(directory))
    checked.forEach(show)
  } else {
    for await (const scenario of checkRun(directory, run)) {
      checked.push(scenario)
      show(scenario)
    }
  }
  return exitCodeOf(checked, run)
}

/** A violation outweighs evidence that was altered or cannot be read, and that one a doubt. */
function exitCodeOf(checked: readonly CheckedScenario[], run: RunRecord | undefined): ExitCode {
  const outcomes = checked.map(({ outcome }) => outcome)
  if (outcomes.includes('broken')) return exitCodes.broken
  if (outcomes.includes('unreadable')) return exitCodes.usage
  if (checked.some(({ differences }) => differences.length > 0)) return exitCodes.usage
  if (outcomes.includes('inconclusive')) return exitCodes.inconclusive
  if (run !== undefined) return verdictOf(run).exitCode
  return outcomes.includes('not-run') ? exitCodes.inconclusive : exitCodes.held
}
