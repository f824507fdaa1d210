import { stripVTControlCharacters, styleText } from 'node:util'
import type {
  RunRecord,
  ScenarioOutcome,
  ScenarioRecord,
} from '../harness/run-record/run-record.ts'
import { outcomeOf } from '../harness/run-record/verdict.ts'
import { outcomeNames, outcomeOrder } from './html/badges.ts'
import { formatAdjustment, replacedSettings } from './model/adjustments.ts'
import { formatQuantity } from './model/format.ts'
import { headlineOf } from './model/headline.ts'
import { formatOutage } from './model/outages.ts'
import { toOneLine } from './text.ts'

export interface TerminalOptions {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}

type Style = Parameters<typeof styleText>[0]

/** The mark and the colour of each outcome. */
export const looks: Readonly<Record<ScenarioOutcome, readonly [mark: string, style: Style]>> = {
  held: ['✔', 'green'],
  broken: ['✘', 'red'],
  'known-issue': ['◆', 'magenta'],
  inconclusive: ['?', 'yellow'],
  'not-run': ['○', 'gray'],
  'not-applicable': ['–', 'gray'],
}

const maxRows = 30

/** One screen: scenarios with their outages, what the run does not cover, the verdict last. */
export function renderTerminal(record: RunRecord, options: TerminalOptions): string {
  const paint = (style: Style, text: string) =>
    options.color ? styleText(style, text, { validateStream: false }) : text
  const { outcome, heading, sentence, losses } = headlineOf(record)
  const { etcd, seed } = record
  const rows = record.scenarios
    .filter((scenario) => outcomeOf(scenario) !== 'not-run')
    .sort(
      (one, other) => outcomeOrder.indexOf(outcomeOf(one)) - outcomeOrder.indexOf(outcomeOf(other)),
    )
  const hidden = rows.length - maxRows
  const emulated = etcd.emulated ? ' (emulated)' : ''
  const about = `etcd ${etcd.version} ${etcd.architecture}${emulated}, seed ${seed}`
  return [
    ...table(rows.slice(0, maxRows), options.width, paint),
    ...(hidden > 0 ? [paint('gray', `  and ${hidden} more, see the report`)] : []),
    '',
    ...gaps(record, options.width, paint),
    `${paint(['bold', looks[outcome][1]].flat() as Style, ` ${looks[outcome][0]} ${heading.toUpperCase()}`)}  ${toOneLine(sentence)}`,
    ...losses.map((loss) => `   ${toOneLine(loss, options.width - 3)}`),
    paint('gray', `   ${toOneLine(about)}`),
  ].join('\n')
}

type Paint = (style: Style, text: string) => string

function table(rows: readonly ScenarioRecord[], width: number, paint: Paint): string[] {
  if (rows.length === 0) return []
  const columns = 14 + 11 + 11 + 7 + 2
  const room = Math.max(Math.min(width - columns, 76), 16)
  const wide = width >= 72
  const heads = wide
    ? `${'no writes'.padStart(11)}${'no reads'.padStart(11)}${'lost'.padStart(7)}`
    : ''
  const head = paint('gray', ` ${' '.repeat(17)}${'scenario'.padEnd(room - 3)}${heads}`.trimEnd())
  return [head, ...rows.flatMap((row) => rowOf(row, { room: room - 4, wide, width, paint }))]
}

function rowOf(
  scenario: ScenarioRecord,
  { room, wide, width, paint }: { room: number; wide: boolean; width: number; paint: Paint },
): string[] {
  const outcome = outcomeOf(scenario)
  const [mark, style] = looks[outcome]
  const { acknowledgedLost } = scenario.measures
  const label = paint(style, `${mark} ${outcomeNames[outcome]}`.padEnd(16))
  const figures = `${formatOutage(scenario, 'writes').padStart(11)}${formatOutage(scenario, 'reads').padStart(11)}${formatQuantity(acknowledgedLost).padStart(7)}`
  const name = toOneLine(scenario.title, wide ? room : Math.max(width - 18, 16))
  const lines = [` ${label} ${wide ? `${name.padEnd(room + 1)}${figures}` : name}`]
  if (outcome !== 'held') {
    lines.push(
      paint('gray', `${' '.repeat(18)}└ ${toOneLine(scenario.reason, Math.max(width - 21, 30))}`),
    )
  }
  for (const replaced of replacedSettings(scenario)) {
    const text = `set by the scenario: ${formatAdjustment(replaced)}`
    lines.push(paint('gray', `${' '.repeat(20)}${toOneLine(text, Math.max(width - 21, 30))}`))
  }
  if (outcome === 'broken') {
    lines.push(paint('gray', `${' '.repeat(20)}run again: ${toOneLine(scenario.reproduce)}`))
  }
  return lines
}

function gaps(record: RunRecord, width: number, paint: Paint): string[] {
  const missing = record.capabilities.filter(({ available }) => !available)
  const texts = [
    ...(record.errors ?? []).map((error) => `error: ${error}`),
    ...notRun(record),
    ...missing.map(({ name, lost, detail }) => `not covered: ${lost ?? name} (${detail})`),
  ]
  const lines = texts.map((text) => paint('gray', ` ${toOneLine(text, width - 2)}`))
  return lines.length === 0 ? [] : [...lines, '']
}

/** Grouped by reason: a shallow run leaves out far more scenarios than it shows. */
function notRun({ scenarios }: RunRecord): string[] {
  const reasons = Map.groupBy(
    scenarios.filter((scenario) => outcomeOf(scenario) === 'not-run'),
    ({ reason }) => reason,
  )
  return [...reasons].map(([reason, { length }]) => `not run: ${length} (${reason})`)
}

/** A line's width on the screen, without its colour codes. */
export function widthOf(line: string): number {
  return [...stripVTControlCharacters(line)].length
}
