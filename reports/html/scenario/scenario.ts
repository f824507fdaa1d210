import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { formatAdjustment, replacedSettings } from '../../model/adjustments.ts'
import { formatDuration, formatQuantity } from '../../model/format.ts'
import type { ScenarioView } from '../../model/scenario-view.ts'
import type { PhaseLatencies } from '../../model/timeline/phases.ts'
import type { LogExcerpt } from '../../read/member-log.ts'
import { renderBadge } from '../badges.ts'
import { embedJson, type Html, html } from '../html.ts'
import { renderCommand } from '../overview.ts'
import { renderThroughput } from '../throughput/throughput.ts'
import { renderFaults } from './faults.ts'
import { renderFigures, renderFurtherMeasures, renderObjectives } from './measures.ts'
import { renderPicture } from './picture.ts'
import { renderService } from './service.ts'
import { renderTimeline } from './timeline.ts'
import { renderCheckers, renderFindings } from './verdicts.ts'
import { renderWatchViolations } from './watch-violations.ts'
import { renderWindows } from './windows.ts'

/** One scenario's page: outcome, first figures, what was found, timeline, objectives, details, logs. */
export function renderScenario(view: ScenarioView): Html {
  const { record, outcome, pictures } = view
  const { id, title, reason } = record
  const isMet = record.objectives.every(({ met }) => met)
  return html`<article class="scenario" id="${id}" aria-label="${title}">
<nav class="crumbs"><a href="#">← All scenarios</a> <code>${id}</code></nav>
<div class="scenario-head">${renderBadge(outcome)}<h1 tabindex="-1">${title}</h1><p class="reason">${reason}</p></div>
${renderAdjustments(record)}
${renderFigures(view)}
${renderFindings(record)}
${!isMet && renderObjectives(record)}
${pictures.map((picture, index) => renderPicture(picture, { id: `${id}/first-${index + 1}`, hasScript: true }))}
${view.watchViolations.map((found) => renderWatchViolations(found, id))}
${view.damage !== undefined && html`<p class="note">${view.damage}.</p>`}
${renderThroughput(view.throughput)}
${view.chart !== undefined && renderCharts(view)}
${renderWindows(record)}
${isMet && renderObjectives(record)}
${renderCheckers(record)}
${renderFurtherMeasures(view)}
${renderFaults(view.faults)}
${renderPhases(view.phases)}
${renderService(record)}
${renderLogs(view)}
<h2>Run it again</h2>${renderCommand(record.reproduce)}
${view.chart !== undefined && html`<script type="application/json" class="chart-data">${embedJson(view.chart)}</script>`}
</article>`
}

/** What the scenario set itself, for itself alone; first what replaces the user's own choice. */
function renderAdjustments(record: ScenarioRecord): Html {
  const { adjusted = [] } = record
  if (adjusted.length === 0) return html``
  const replaced = replacedSettings(record)
  const rows = [...replaced, ...adjusted.filter((one) => !replaced.includes(one))]
  return html`<details class="adjusted"${replaced.length > 0 && html` open`}><summary>${formatQuantity(adjusted.length)} ${adjusted.length === 1 ? 'setting' : 'settings'} of the scenario's own</summary>
<ul>${rows.map((row) => html`<li><code>${formatAdjustment(row)}</code></li>`)}</ul></details>`
}

function renderCharts(view: ScenarioView): Html {
  const { points } = view.chart ?? { points: { count: 0, of: 0 } }
  const thinned =
    points.count < points.of
      ? ` The charts draw ${formatQuantity(points.count)} of ${formatQuantity(points.of)} dots: one where several of one outcome coincide.`
      : ''
  return html`<h2>Timeline</h2>
${renderTimeline(view)}
<div class="charts" role="img" aria-label="Latency of writes and reads over time, and their rate; the table below has the same in numbers">
<div class="plot" data-plot="writes"></div><div class="plot" data-plot="reads"></div><div class="plot" data-plot="rate"></div></div>
<p class="note chart-note"><span class="marks" aria-hidden="true"><i class="dot is-writes"></i>write <i class="dot is-reads"></i>read <i class="dot is-stale"></i>serializable read <i class="cross"></i>failed <i class="triangle"></i>unknown</span> A dot is an operation at the time of its request, and its height is the latency (log scale). The lowest chart has the rates of successful writes and reads, and of all others in red.${thinned}
<span class="only-screen">Drag to zoom, double-click to show all. <button type="button" class="reset" hidden>Show all</button></span></p>`
}

function renderPhases(rows: readonly PhaseLatencies[]): Html {
  if (rows.length === 0) return html``
  const names = { before: 'before the fault', during: 'during the fault', after: 'after the fault' }
  return html`<h2>Latency in numbers</h2><div class="scroll" tabindex="0" role="group" aria-label="Latency table"><table class="plain"><thead><tr>
<th scope="col">Phase</th><th scope="col">Operation</th>${[
    'Sent',
    'Succeeded',
    'Failed',
    'Unknown',
    'Median',
    'p99',
    'Slowest',
  ].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${names[row.phase]}</th><td>${row.of}</td>${[
        row.operations,
        row.ok,
        row.fail,
        row.info,
      ].map(
        (count) => html`<td class="number">${formatQuantity(count)}</td>`,
      )}${[row.medianMs, row.p99Ms, row.maxMs].map((ms) => html`<td class="number">${formatDuration(ms)}</td>`)}</tr>`,
  )}</tbody></table></div>`
}

function renderLogs(view: ScenarioView): Html {
  if (view.logs.length === 0) return html``
  return html`<h2>Member logs around the fault</h2>${view.logs.map((excerpt) => renderLog(excerpt, view))}`
}

function renderLog({ member, lines, inWindow }: LogExcerpt, view: ScenarioView): Html {
  const startMs = view.axis.wallMs(0)
  const isOpen = view.outcome === 'broken' || view.outcome === 'inconclusive'
  const cut =
    lines.length < inWindow
      ? `${lines.length} of ${formatQuantity(inWindow)} lines: elections, errors and warnings first`
      : `${lines.length} lines`
  return html`<details class="log"${isOpen && html` open`}><summary><b>${member}</b> <small>${cut}</small></summary><div class="scroll" tabindex="0" role="group" aria-label="Log of ${member}"><table>${lines.map(
    ({ timeMs, level, text }) =>
      html`<tr class="is-${level}"><td>${timeMs !== undefined && `${((timeMs - startMs) / 1_000).toFixed(3)} s`}</td><td>${level}</td><td>${text}</td></tr>`,
  )}</table></div></details>`
}
