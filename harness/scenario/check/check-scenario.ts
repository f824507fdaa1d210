import { InputError } from '../../core/errors.ts'
import {
  describeDifferences,
  findDifferences,
  findMissing,
} from '../../run-record/compare/compare-records.ts'
import { findPlanDifferences } from '../../run-record/compare/compare-run.ts'
import { hasFile, listEvidence } from '../../run-record/evidence/files.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
import { readScenario } from '../../run-record/run-directory.ts'
import type { RunRecord, ScenarioOutcome, ScenarioRecord } from '../../run-record/run-record.ts'
import { isSkipped } from '../../run-record/verdict.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'
import { judgeWindowed } from '../windows/judge-windowed.ts'
import { isWindowed } from '../windows/read-windowed.ts'
import type { JudgedAgain } from './judged-again.ts'

/** A saved scenario, judged again. */
export interface CheckedScenario {
  readonly scenario: string
  readonly outcome: ScenarioOutcome | 'unreadable'
  /** Why this outcome, or what could not be read. */
  readonly reason: string
  readonly verdicts: ScenarioRecord['verdicts']
  /** What is not as it was saved, a line each. */
  readonly differences: readonly string[]
  /** What was odd about the files; it changes nothing. */
  readonly warnings: readonly string[]
}

/** The run that a scenario is of, and its record there, unless run.json lacks it. */
interface Listing {
  readonly run: RunRecord
  readonly listed?: ScenarioRecord
}

/**
 * Judges a scenario's directory again and compares the verdict with the records that are saved.
 * Throws an InputError with the file for what cannot be read.
 */
export async function checkScenario(
  directory: string,
  listing?: Listing,
): Promise<CheckedScenario> {
  const file = evidencePaths(directory).record
  const own = (await hasFile(file)) ? readScenario(file) : undefined
  const hasEvidence = (await listEvidence(directory)).length > 0
  if (!hasEvidence) return checkWithoutEvidence(directory, own, listing)
  const isInWindows = await isWindowed(directory)
  const again = await (isInWindows ? judgeWindowed(directory) : judgeWhole(directory))
  const { plan, judged, warnings } = again
  const isCutShort = listing ? isUnfinished(listing.run) : !again.hasEnded
  const { id, outcome, reason, verdicts } = judged
  const differences = [
    ...again.differences,
    ...(own === undefined && !isCutShort ? [ownIsMissing] : []),
    ...(own === undefined ? [] : compare(own, judged, { file: 'scenario.json', isCutShort })),
    ...(listing === undefined ? [] : compareWithRun(listing, judged, isCutShort)),
    ...(listing === undefined ? [] : findPlanDifferences(plan, listing.run)),
  ]
  return {
    scenario: id,
    outcome,
    reason,
    verdicts,
    differences: [...new Set(differences)],
    warnings,
  }
}

async function judgeWhole(directory: string): Promise<JudgedAgain> {
  const evidence = await readEvidence(directory)
  const { plan, observations, warnings } = evidence
  const judged = judgeScenario(evidence)
  return { plan, judged, hasEnded: observations !== undefined, differences: [], warnings }
}

/** Whether the run was killed or a thread of it died: scenarios may be without a verdict. */
function isUnfinished({ endedAt, errors = [] }: RunRecord): boolean {
  return endedAt === undefined || errors.length > 0
}

/** A scenario under way is on record as not run, and stays so when its run is killed. */
function compare(
  saved: ScenarioRecord,
  judged: ScenarioRecord,
  { file, isCutShort }: { readonly file: string; readonly isCutShort: boolean },
): string[] {
  const hasVerdict = saved.outcome !== 'not-run' || saved.evidenceSha256 !== undefined
  return isCutShort && !hasVerdict ? [] : findDifferences(saved, judged, file)
}

function compareWithRun(
  { listed }: Listing,
  judged: ScenarioRecord,
  isCutShort: boolean,
): string[] {
  return listed === undefined
    ? [isUnlisted]
    : compare(listed, judged, { file: 'run.json', isCutShort })
}

const ownIsMissing = 'scenario.json is missing'
const isUnlisted = 'run.json does not list this scenario'

/** What was left out, or what Gauntlet could not conduct. */
const mayLackEvidence = (outcome: ScenarioOutcome) =>
  isSkipped(outcome) || outcome === 'inconclusive'

/** What never started has its record alone: nothing is judged, and both records are the same. */
function checkWithoutEvidence(
  directory: string,
  own: ScenarioRecord | undefined,
  listing: Listing | undefined,
): CheckedScenario {
  const listed = listing?.listed
  const saved = own ?? listed
  if (saved === undefined || !(mayLackEvidence(saved.outcome) || saved.evidenceDropped === true)) {
    const label = saved === undefined ? '' : ` of ${saved.id}, on record as ${saved.outcome}`
    throw new InputError(`Expected evidence in ${directory}${label}, got no file`, { directory })
  }
  const { id, outcome, reason } = saved
  const mayLackOwn = listing !== undefined && isUnfinished(listing.run)
  const files = { saved: 'scenario.json', found: 'run.json' }
  const differences = [
    ...findMissing(saved),
    ...(own === undefined && !mayLackOwn ? [ownIsMissing] : []),
    ...(listing !== undefined && listed === undefined ? [isUnlisted] : []),
    ...(listed === undefined ? [] : describeDifferences(saved, listed, files)),
  ]
  const warnings = saved.evidenceDropped === true ? [`${id}: its evidence was not kept`] : []
  return { scenario: id, outcome, reason, verdicts: saved.verdicts, differences, warnings }
}
