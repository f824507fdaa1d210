import { join } from 'node:path'
import { GauntletError, InputError, messageOf } from '../../core/errors.ts'
import { expectInside, hasFile } from '../../run-record/evidence/files.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { listScenarioFolders } from '../../run-record/evidence/scenario-folders.ts'
import { insideRun } from '../../run-record/files.ts'
import { readRun } from '../../run-record/run-directory.ts'
import type { RunRecord } from '../../run-record/run-record.ts'
import { type CheckedScenario, checkScenario } from './check-scenario.ts'

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
 * own record: those that run.json lists, then those whose folders it does not list. Reads nothing
 * outside of the directory; a scenario that cannot be read is an outcome.
 */
export async function* checkRun(
  directory: string,
  run: RunRecord,
): AsyncGenerator<CheckedScenario> {
  for (const listed of run.scenarios) {
    yield await orUnreadable(listed.id, async () => {
      const path = insideRun(directory, listed.directory)
      await expectInside(directory, listed.directory)
      return checkScenario(path, { run, listed })
    })
  }
  const listed = new Set(run.scenarios.map((scenario) => scenario.directory))
  try {
    const folders = await listScenarioFolders(directory)
    for (const folder of folders.filter((one) => !listed.has(one))) {
      yield await orUnreadable(folder, () => checkScenario(join(directory, folder), { run }))
    }
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown
    yield unreadable(join(directory, 'scenarios'), thrown.message)
  }
}

/** Judges one scenario again, without its run. */
export function checkScenarioDirectory(directory: string): Promise<CheckedScenario> {
  return orUnreadable(directory, () => checkScenario(directory))
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
