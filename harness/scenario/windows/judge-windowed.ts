import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { FinalState } from '../../checkers/checker.ts'
import { InputError } from '../../core/errors.ts'
import { initialStoreOf } from '../../history/initial-store.ts'
import { findDifferences } from '../../run-record/compare/compare-records.ts'
import { expectInside, hasFile } from '../../run-record/evidence/files.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readEvidence, type SavedEvidence } from '../../run-record/evidence/read-evidence.ts'
import { readScenario } from '../../run-record/run-directory.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import type { JudgedAgain } from '../check/judged-again.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'
import { combineWindows } from './combine-windows.ts'
import { readWindowed, type WindowedEvidence } from './read-windowed.ts'

/**
 * Judges every window of a saved scenario again, one after the other, and puts them together as the
 * run did. Compares each with its own record, and its start with the end of the one before. Throws an
 * InputError for what cannot be read, but for the last window of a run that was killed: when it had
 * only begun, it is left out.
 */
export async function judgeWindowed(directory: string): Promise<JudgedAgain> {
  const whole = await readWindowed(directory)
  const records: ScenarioRecord[] = []
  const differences: string[] = []
  const warnings: string[] = []
  let before: FinalState | undefined
  for (const [index, folder] of whole.folders.entries()) {
    await expectInside(directory, folder)
    const evidence = await readWindow(
      join(directory, folder),
      mayBeIncomplete(whole, index),
      warnings,
    )
    if (evidence === undefined) break
    const said = (difference: string) => `${folder}: ${difference}`
    const isNext = index === 0 || continues(before, evidence)
    if (!isNext)
      differences.push(said('expected it to begin with the final state of the window before'))
    const record = judgeScenario(evidence)
    differences.push(...(await compareOwn(join(directory, folder), record, whole)).map(said))
    warnings.push(...evidence.warnings.map(said))
    records.push(record)
    before = evidence.input.final
  }
  const { plan, observations } = whole
  const judged = combineWindows(
    { ...whole, folders: whole.folders.slice(0, records.length) },
    records,
  )
  return { plan, judged, hasEnded: observations !== undefined, differences, warnings }
}

const mayBeIncomplete = ({ observations, folders }: WindowedEvidence, index: number): boolean =>
  observations === undefined && index === folders.length - 1

async function readWindow(
  path: string,
  isLast: boolean,
  warnings: string[],
): Promise<SavedEvidence | undefined> {
  try {
    return await readEvidence(path)
  } catch (thrown) {
    if (!isLast || !(thrown instanceof InputError)) throw thrown
    warnings.push(`the last window had only begun and was left out: ${thrown.message}`)
    return undefined
  }
}

/** As it comes from JSON, both are plain data. */
function continues(before: FinalState | undefined, { input }: SavedEvidence): boolean {
  const initial = initialStoreOf(input.history.header)
  const [member] = before?.members ?? []
  return isDeepStrictEqual(
    [initial?.revision, initial?.kvs],
    [member?.revision, member && { ...member.keys }],
  )
}

/** A window that was judged has its record; only of a run that was killed may it be missing. */
async function compareOwn(
  path: string,
  record: ScenarioRecord,
  { observations }: WindowedEvidence,
): Promise<string[]> {
  const file = evidencePaths(path).record
  if (await hasFile(file)) return findDifferences(readScenario(file), record, 'scenario.json')
  return observations === undefined ? [] : ['scenario.json is missing']
}
