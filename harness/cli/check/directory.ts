import { type ExitCode, exitCodes, InputError } from '../../core/errors.ts'
import { findRunDifferences } from '../../run-record/compare/compare-run.ts'
import type { RunRecord } from '../../run-record/run-record.ts'
import { verdictOf } from '../../run-record/verdict.ts'
import {
  checkRun,
  checkScenarioDirectory,
  readSavedRun,
  unreadable,
} from '../../scenario/check/check-saved.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'

/**
 * Judges a run's or a scenario's directory again and hands on each scenario as it is judged, and
 * each difference between the run's record and its plan; a directory that is neither is handed on as
 * unreadable. Resolves to the exit code.
 */
export async function checkDirectory(
  directory: string,
  show: (scenario: CheckedScenario) => void,
  note: (difference: string) => void,
): Promise<ExitCode> {
  try {
    const run = await readSavedRun(directory)
    const differences = run === undefined ? [] : await findRunDifferences(directory, run)
    differences.forEach(note)
    const checked: CheckedScenario[] = []
    for await (const scenario of checkAll(directory, run)) {
      checked.push(scenario)
      show(scenario)
    }
    return exitCodeOf({ checked, differences, run })
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown
    show(unreadable(directory, thrown.message))
    return exitCodes.usage
  }
}

async function* checkAll(directory: string, run: RunRecord | undefined) {
  if (run === undefined) yield await checkScenarioDirectory(directory)
  else yield* checkRun(directory, run)
}

/** A violation outweighs evidence that was altered or cannot be read, and that one a doubt. */
function exitCodeOf({
  checked,
  differences,
  run,
}: {
  readonly checked: readonly CheckedScenario[]
  /** Differences of the run's own record, which are no scenario's. */
  readonly differences: readonly string[]
  readonly run: RunRecord | undefined
}): ExitCode {
  const outcomes = checked.map(({ outcome }) => outcome)
  if (outcomes.includes('broken')) return exitCodes.broken
  if (outcomes.includes('unreadable')) return exitCodes.usage
  const all = [...differences, ...checked.flatMap((scenario) => scenario.differences)]
  if (all.length > 0) return exitCodes.usage
  if (outcomes.includes('inconclusive')) return exitCodes.inconclusive
  if (run !== undefined) return verdictOf(run).exitCode
  return outcomes.includes('not-run') ? exitCodes.inconclusive : exitCodes.held
}
