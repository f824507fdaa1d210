import { styleText } from 'node:util'
import { formatQuantity } from './model/format.ts'
import type { MatrixEntry, MatrixRow } from './model/matrix/table.ts'
import type { MatrixView } from './model/matrix/view.ts'
import { formatOutage } from './model/outages.ts'
import { looks, type TerminalOptions, widthOf } from './terminal.ts'
import { toOneLine } from './text.ts'

const gap = '  '

/**
 * A table of scenarios by cells: outcome, longest outage of writes and of reads, writes lost. Without
 * the measures where the terminal is too narrow for them. Below it what could not run, and why.
 */
export function renderMatrixTerminal(view: MatrixView, options: TerminalOptions): string {
  const whole = layOut(view, options, formatEntry)
  const isNarrow = whole.some((line) => widthOf(line) > options.width)
  const lines = isNarrow ? layOut(view, options, formatMark) : whole
  const shown = isNarrow ? 'outcome' : 'outcome, no writes, no reads, lost'
  const legend = `each cell: ${shown}; ≠ differs from the first cell`
  return [...lines, ...(view.rows.length > 0 ? [legend] : []), ...formatMissing(view)].join('\n')
}

type Format = (entry: MatrixEntry | undefined) => string

function layOut({ columns, rows }: MatrixView, { color }: TerminalOptions, format: Format) {
  const heads = ['scenario', ...columns.map(({ cell }) => toOneLine(cell.name))]
  const texts = rows.map((row) => [toOneLine(row.id), ...row.entries.map(format)])
  const widths = heads.map((head, at) =>
    Math.max(widthOf(head), ...texts.map((text) => widthOf(text[at] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    cells.map((text, at) => text + ' '.repeat((widths[at] ?? 0) - widthOf(text)))
  const body = rows.map((row, at) => paintRow(row, line(texts[at] ?? []), color))
  return rows.length === 0 ? [] : [line(heads).join(gap).trimEnd(), ...body]
}

function paintRow({ entries }: MatrixRow, texts: readonly string[], color: boolean): string {
  const painted = texts.map((text, at) => {
    const entry = entries[at - 1]
    if (entry === undefined || !color) return text
    return styleText(looks[entry.outcome][1], text, { validateStream: false })
  })
  return painted.join(gap).trimEnd()
}

const formatMark: Format = (entry) => {
  if (entry === undefined) return ''
  return `${looks[entry.outcome][0]}${entry.differences.length > 0 ? ' ≠' : ''}`
}

const formatEntry: Format = (entry) => {
  if (entry === undefined) return ''
  const { scenario, differences } = entry
  const figures = [
    formatOutage(scenario, 'writes'),
    formatOutage(scenario, 'reads'),
    formatQuantity(scenario.measures.acknowledgedLost),
  ]
  const mark = differences.length > 0 ? ' ≠' : ''
  return `${looks[entry.outcome][0]} ${figures.join(' / ')}${mark}`
}

function formatMissing({ columns }: MatrixView): string[] {
  return columns.flatMap(({ cell: { name, reason, exitCode } }) =>
    reason === undefined ? [] : [toOneLine(`not run: ${name} (exit ${exitCode}): ${reason}`)],
  )
}
