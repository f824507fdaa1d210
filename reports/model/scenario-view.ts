import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { evidencePaths } from '../../harness/run-record/evidence/paths.ts'
import { insideRun } from '../../harness/run-record/files.ts'
import { readScenario } from '../../harness/run-record/run-directory.ts'
import type { ScenarioOutcome, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { isSkipped, outcomeOf } from '../../harness/run-record/verdict.ts'
import type { ChartData } from '../client/data.ts'
import { readSavedHistory, type SavedHistory } from '../read/history.ts'
import { type LogExcerpt, readLogExcerpt } from '../read/member-log.ts'
import { readSavedThroughput, type SavedThroughput } from '../read/throughput.ts'
import { formatDuration } from './format.ts'
import type { Picture } from './pictures/picture.ts'
import { readPictures } from './pictures/read-pictures.ts'
import { type FaultSpan, faultSpans } from './timeline/fault-spans.ts'
import { type MemberLane, memberLanesOf } from './timeline/lanes.ts'
import { type OutageSpan, outageSpansOf } from './timeline/outage-spans.ts'
import { type PhaseLatencies, phasesOf } from './timeline/phases.ts'
import { packPoints } from './timeline/points.ts'
import { type ClientSpan, clientSpansOf, rateOf } from './timeline/rates.ts'
import { type TimeAxis, timeAxisOf } from './timeline/time-axis.ts'
import { type WatchViolations, watchViolationsOf } from './watch-violations.ts'

/** Everything that one scenario's section shows, as plain data. */
export interface ScenarioView {
  readonly record: ScenarioRecord
  readonly outcome: ScenarioOutcome
  readonly axis: TimeAxis
  readonly lanes: readonly MemberLane[]
  readonly clients: ReadonlyMap<string, readonly ClientSpan[]>
  readonly faults: readonly FaultSpan[]
  readonly outages: readonly OutageSpan[]
  readonly operations: number
  readonly phases: readonly PhaseLatencies[]
  readonly pictures: readonly Picture[]
  readonly watchViolations: readonly WatchViolations[]
  readonly logs: readonly LogExcerpt[]
  readonly damage?: string
  readonly throughput?: SavedThroughput
  /** Absent when there was nothing to draw. */
  readonly chart?: ChartData
}

/**
 * Reads a scenario's evidence and derives its section; `dots` bounds the embedded points. Of a long
 * run the section shows one window: so it stays as small as any other.
 */
export async function viewScenario(
  directory: string,
  record: ScenarioRecord,
  dots: number,
): Promise<ScenarioView> {
  const shown = shownRecord(directory, record)
  return viewEvidence(insideRun(directory, shown.directory), { record, shown, dots })
}

/** The same of a scenario's own directory; `shown` is the record of the evidence that lies there. */
export async function viewEvidence(
  path: string,
  parts: {
    readonly record: ScenarioRecord
    readonly shown: ScenarioRecord
    readonly dots: number
  },
): Promise<ScenarioView> {
  const { record, shown, dots } = parts
  const history = await readSavedHistory(join(path, 'history.jsonl'))
  const axis = timeAxisOf(shown, history)
  const faults = faultSpans(history, axis)
  const outages = outageSpansOf(shown, history, axis)
  const throughput = readSavedThroughput(path)
  const view = {
    record,
    ...(throughput !== undefined && { throughput }),
    outcome: outcomeOf(record),
    axis,
    faults,
    outages,
    lanes: memberLanesOf(shown, faults, axis),
    clients: clientSpansOf(history.operations, axis),
    operations: history.operations.length,
    phases: phasesOf(history.operations, faults, axis),
    pictures: await readPictures(shown, history, { path, axis }),
    watchViolations: await watchViolationsIn(shown, path),
    logs: await logsAround(shown, join(path, 'members'), axis, faults),
    ...(history.damage === undefined || isSkipped(record.outcome)
      ? {}
      : { damage: history.damage }),
  }
  if (history.operations.length === 0) return view
  return { ...view, chart: chartOf({ ...view, record: shown, history, dots }) }
}

/** Of a scenario in windows the window that its record is about, as far as it is on record. */
function shownRecord(directory: string, record: ScenarioRecord): ScenarioRecord {
  if (record.shownWindow === undefined) return record
  const folder = `${record.directory}/${record.shownWindow}`
  const { record: file } = evidencePaths(insideRun(directory, folder))
  return existsSync(file) ? { ...readScenario(file), directory: folder } : record
}

function chartOf(parts: {
  readonly record: ScenarioRecord
  readonly axis: TimeAxis
  readonly faults: readonly FaultSpan[]
  readonly outages: readonly OutageSpan[]
  readonly history: SavedHistory
  readonly dots: number
}): ChartData {
  const { record, axis, faults, outages, history, dots } = parts
  return {
    lengthS: axis.lengthS,
    faults: faults.map(({ fromS, toS }) => ({ fromS, toS })),
    outages: outages.map(({ of, fromS, toS, lengthMs }) => ({
      of,
      fromS,
      toS,
      label: `no ${of} for ${formatDuration(lengthMs)}`,
    })),
    elections: record.marks
      .filter(({ kind }) => kind === 'leader')
      .map(({ timeNs }) => axis.seconds(timeNs)),
    points: packPoints(history.operations, axis, dots),
    rate: rateOf(history.operations, axis),
  }
}

async function watchViolationsIn(
  { verdicts }: ScenarioRecord,
  path: string,
): Promise<WatchViolations[]> {
  const { watches } = evidencePaths(path)
  const found = await Promise.all(verdicts.map((verdict) => watchViolationsOf(verdict, watches)))
  return found.filter((one) => one !== undefined)
}

/** From a second before the first fault to three seconds after the last: the recovery. */
async function logsAround(
  record: ScenarioRecord,
  folder: string,
  axis: TimeAxis,
  faults: readonly FaultSpan[],
): Promise<LogExcerpt[]> {
  const fromS = Math.min(...faults.map((fault) => fault.fromS), axis.lengthS) - 1
  const toS = Math.max(...faults.map((fault) => fault.toS), 0) + 3
  const whole = faults.length === 0
  const window = {
    fromMs: axis.wallMs(whole ? -5 : fromS),
    toMs: axis.wallMs(whole ? axis.lengthS + 5 : toS),
  }
  const excerpts = await Promise.all(
    record.members
      .filter(({ name }) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name))
      .map(({ name }) => readLogExcerpt(name, join(folder, `${name}.log`), window)),
  )
  return excerpts.filter((excerpt) => excerpt !== undefined)
}
