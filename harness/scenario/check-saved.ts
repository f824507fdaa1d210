import { join } from 'node:path'
import type { Verdict } from '../checkers/checker.ts'
import { GauntletError, InputError, messageOf } from '../core/errors.ts'
import { findDifferences } from '../run-record/compare-records.ts'
import { expectInside, hasFile } from '../run-record/evidence-files.ts'
import { evidencePaths } from '../run-record/evidence-paths.ts'
import { insideRun } from '../run-record/files.ts'
import { readEvidence } from '../run-record/read-evidence.ts'
import { readRun, readScenario } from '../run-record/run-directory.ts'
import type { RunRecord, ScenarioOutcome, ScenarioRecord } from '../run-record/run-record.ts'
import { isSkipped } from '../run-record/verdict.ts'
import { judgeScenario } from './outcome/judge-scenario.ts'

/** A saved scenario, judged again. */
export interface CheckedScenario {
  readonly scenario: string
  readonly outcome: ScenarioOutcome | 'unreadable'
  /** Why this outcome, or what could not be read. */
  readonly reason: string
  readonly verdicts: readonly Verdict[]
  /** What is not as it was saved, a line each. */
  readonly differences: readonly string[]
  /** What was odd about the files; it changes nothing. */
  readonly warnings: readonly string[]
}

/** The run that a directory holds; undefined when it is a scenario's. */
export async function readSavedRun(directory: string): Promise<RunRecord | undefined> {
  if (await hasFile(join(directory, 'run.json'))) return readRun(directory)
  if (await hasFile(evidencePaths(directory).plan)) return undefined
  if (await hasFile(evidencePaths(directory).record)) return undefined
  throw new InputError(
    `Expected a run's or a scenario's directory, with run.json or plan.json, got ${directory}`,
    { directory },
  )
}

/**
 * Judges every scenario of a run again, one after the other, and compares each with run.json and its
 * own record. Reads nothing outside of the directory; a scenario that cannot be read is an outcome.
 */
export async function* checkRun(
  directory: string,
  { scenarios }: RunRecord,
): AsyncGenerator<CheckedScenario> {
  for (const record of scenarios) {
    yield await orUnreadable(record.id, async () => {
      const path = insideRun(directory, record.directory)
      await expectInside(directory, record.directory)
      return checkScenario(path, record)
    })
  }
}

/** Judges one scenario again; `listed` is its record in run.json, when it is one of a run. */
export function checkScenarioDirectory(directory: string): Promise<CheckedScenario> {
  return orUnreadable(directory, () => checkScenario(directory))
}

async function checkScenario(directory: string, listed?: ScenarioRecord): Promise<CheckedScenario> {
  const paths = evidencePaths(directory)
  const own = (await hasFile(paths.record)) ? readScenario(paths.record) : undefined
  const saved = own ?? listed
  if (saved !== undefined && !(await hasFile(paths.plan))) return withoutEvidence(saved, paths.plan)
  const { warnings, ...evidence } = await readEvidence(directory)
  const judged = judgeScenario({ ...evidence, warnings })
  const differences = [
    ...(isVerdict(own) ? findDifferences(own, judged, 'scenario.json') : []),
    ...(isVerdict(listed) ? findDifferences(listed, judged, 'run.json') : []),
  ]
  const { id, outcome, reason, verdicts } = judged
  return {
    scenario: id,
    outcome,
    reason,
    verdicts,
    differences: [...new Set(differences)],
    warnings,
  }
}

/** A scenario under way is on record as not run, and stays so when its run is killed. */
function isVerdict(record: ScenarioRecord | undefined): record is ScenarioRecord {
  return record !== undefined && record.outcome !== 'not-run'
}

/** What never started has its record alone. */
function withoutEvidence({ id, outcome, reason }: ScenarioRecord, plan: string): CheckedScenario {
  if (!isSkipped(outcome)) {
    throw new InputError(`Expected ${plan} of ${id}, on record as ${outcome}, got no such file`)
  }
  return { scenario: id, outcome, reason, verdicts: [], differences: [], warnings: [] }
}

async function orUnreadable(
  scenario: string,
  check: () => Promise<CheckedScenario>,
): Promise<CheckedScenario> {
  try {
    return await check()
  } catch (thrown) {
    const reason = messageOf(thrown)
    if (thrown instanceof GauntletError) return unreadable(scenario, reason)
    const failed = `the judgement itself failed, please report it: ${reason}`
    return { ...unreadable(scenario, failed), outcome: 'inconclusive' }
  }
}

/** What could not be judged, by its id or directory. */
export function unreadable(scenario: string, reason: string): CheckedScenario {
  return {
    scenario,
    outcome: 'unreadable',
    reason,
    verdicts: [],
    differences: [],
    warnings: [],
  }
}
