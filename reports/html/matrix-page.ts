import { exitCodeOf } from '../../harness/run-record/matrix-record.ts'
import { verdictOf } from '../../harness/run-record/verdict.ts'
import { formatCount, formatInstant, formatQuantity } from '../model/format.ts'
import type { Difference, MatrixColumn, MatrixEntry, MatrixRow } from '../model/matrix/table.ts'
import type { MatrixView } from '../model/matrix/view.ts'
import { formatOutage } from '../model/outages.ts'
import { renderBadge, scenarioHref } from './badges.ts'
import { type Html, html } from './html.ts'
import { renderCommand } from './overview.ts'
import { renderPage } from './page.ts'
import { baseStyle } from './style/base.ts'
import { tableStyle } from './style/table.ts'

/** Scenarios by cells of a matrix, with links into the report of each run. Needs no script. */
export function renderMatrixPage({ matrix, columns, rows }: MatrixView): string {
  const { cells, seed, startedAt, command } = matrix
  return renderPage({
    title: `Gauntlet: matrix of ${formatCount(cells.length, 'run')}`,
    styles: `${baseStyle}${tableStyle}${matrixStyle}`,
    script: '',
    body: html`<div class="top"><b>Gauntlet</b><span>${formatCount(cells.length, 'run')}</span><span>seed ${seed}</span><span>${formatInstant(startedAt)}</span></div>
<main id="main"><h1>Matrix</h1>
<p>The same scenarios from one seed in every column; the worst column exits with ${exitCodeOf(matrix)}. ≠ marks what differs from the first column that has the scenario: another outcome, another number of lost writes, or an outage twice as long and longer by a second.</p>
<div class="wide"><table role="table" class="scenarios matrix"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Scenario</th>${columns.map(renderHead)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => renderRow(row, columns))}</tbody></table></div>
${renderMissing(columns)}
<section class="panel"><h2>Run it again</h2>${renderCommand(command)}</section></main>`,
  })
}

function renderHead({ cell, record }: MatrixColumn): Html {
  const { name, run } = cell
  if (run === undefined || record === undefined) {
    return html`<th role="columnheader" scope="col">${name}<small>not run</small></th>`
  }
  const { version, architecture, emulated } = record.etcd
  return html`<th role="columnheader" scope="col"><a href="${encodeURIComponent(run)}/index.html">${name}</a><small>etcd ${version} ${architecture}${emulated && ' (emulated)'}</small>${renderBadge(verdictOf(record).outcome)}</th>`
}

function renderRow({ id, title, entries }: MatrixRow, columns: readonly MatrixColumn[]): Html {
  return html`<tr role="row"><th role="rowheader" scope="row">${title}<small><code>${id}</code></small></th>${entries.map(
    (entry, at) => renderEntry(entry, columns[at]),
  )}</tr>`
}

function renderEntry(entry: MatrixEntry | undefined, column: MatrixColumn | undefined): Html {
  const { name = '', run } = column?.cell ?? {}
  if (entry === undefined || run === undefined) {
    return html`<td role="cell" data-label="${name}">–</td>`
  }
  const { scenario, outcome, differences } = entry
  const figures: readonly [label: string, value: string, of: Difference][] = [
    ['no writes', formatOutage(scenario, 'writes'), 'writeOutageMs'],
    ['no reads', formatOutage(scenario, 'reads'), 'readOutageMs'],
    ['lost', formatQuantity(scenario.measures.acknowledgedLost), 'acknowledgedLost'],
  ]
  return html`<td role="cell" data-label="${name}"${differences.length > 0 && html` class="differs"`}><a href="${encodeURIComponent(run)}/index.html${scenarioHref(scenario.id)}">${renderBadge(outcome)}</a>${renderMark(differences, 'outcome')}${figures.map(
    ([label, value, of]) => html`<small>${label} ${value}${renderMark(differences, of)}</small>`,
  )}</td>`
}

function renderMark(differences: readonly Difference[], of: Difference): Html | false {
  return differences.includes(of) && html` <b title="differs from the first column">≠</b>`
}

function renderMissing(columns: readonly MatrixColumn[]): Html | false {
  const missing = columns.flatMap(({ cell }) =>
    cell.reason === undefined ? [] : [{ ...cell, reason: cell.reason }],
  )
  if (missing.length === 0) return false
  return html`<section class="panel"><h2>Not run</h2><ul class="gaps">${missing.map(
    ({ name, reason, exitCode }) =>
      html`<li><b>${name}</b><span>${reason} (exit ${exitCode})</span></li>`,
  )}</ul></section>`
}

const matrixStyle = `
main h1 { font-size: 34px; margin: 8px 0 22px; }
.wide { overflow-x: auto; }
.matrix thead th small, .matrix tbody td small { display: block; white-space: nowrap; }
.matrix .differs { background: var(--soft); }
`
