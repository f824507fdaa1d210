import { writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { renderAnnotations } from '../../../reports/annotations.ts'
import { writeReport } from '../../../reports/report.ts'
import { renderTerminal } from '../../../reports/terminal.ts'
import { writeTrend } from '../../../reports/trend.ts'
import { exitCodes } from '../../core/errors.ts'
import { readRun, verdictOf } from '../../run-record/run-directory.ts'
import type { RunPlan } from '../../scenario/plan.ts'
import type { VitestOutcome } from './run-vitest.ts'

/** Writes the reports of a run, prints its verdict, and sets the exit code. */
export async function reportRun(
  plan: Pick<RunPlan, 'directory'>,
  outcome: VitestOutcome,
  { json }: { readonly json: boolean },
): Promise<void> {
  const { indexHtml } = await writeReport(plan.directory)
  await writeTrend(dirname(plan.directory))
  const record = readRun(plan.directory)
  if (json) process.stdout.write(`${JSON.stringify(record)}\n`)
  const { columns = 100, isTTY = false } = process.stderr
  const color = isTTY && !process.env.NO_COLOR
  const width = isTTY ? columns : widthOfLog
  process.stderr.write(`\n${renderTerminal(record, { color, width })}\n`)
  if (process.env.GITHUB_ACTIONS === 'true') {
    for (const annotation of renderAnnotations(record)) process.stdout.write(`${annotation}\n`)
  }
  process.stderr.write(`Report: ${relative(process.cwd(), indexHtml)}\n`)
  for (const failed of outcome.failedSelfTests)
    process.stderr.write(`self test failed: ${failed}\n`)
  saveCounts(outcome)
  const verdict = verdictOf(record).exitCode
  process.exitCode = outcome.failedSelfTests.length > 0 ? exitCodes.broken : verdict
}

/** A log of CI may be all that is left of a run: it has reasons whole, hostile texts excepted. */
const widthOfLog = 1_000

/** Lets a script sum the counts of several runners. */
function saveCounts({ counts }: VitestOutcome): void {
  const file = process.env.GAUNTLET_COUNTS
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(counts)}\n`)
}
