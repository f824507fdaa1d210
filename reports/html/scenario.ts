import type { ObjectiveResult, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { measuresByClients } from '../../harness/run-record/throughput-record.ts'
import { formatAdjustment, replacedSettings } from '../model/adjustments.ts'
import { formatDuration, formatMeasure, formatQuantity, labelOfMeasure } from '../model/format.ts'
import type { PhaseLatencies } from '../model/phases.ts'
import type { ScenarioView } from '../model/scenario-view.ts'
import type { LogExcerpt } from '../read/member-log.ts'
import { renderBadge } from './badges.ts'
import { renderFaults } from './faults.ts'
import { embedJson, type Html, html } from './html.ts'
import { renderCommand } from './overview.ts'
import { renderPicture } from './picture.ts'
import { renderService } from './service.ts'
import { renderThroughput } from './throughput.ts'
import { renderTimeline } from './timeline.ts'
import { renderWatchViolations } from './watch-violations.ts'
import { renderWindows } from './windows.ts'

/** One scenario's page: outcome, measures, verdicts, picture, timeline, logs. */
export function renderScenario(view: ScenarioView): Html {
  const { record, outcome, pictures } = view
  const { id, title, reason } = record
  return html`<article class="scenario" id="${id}" aria-label="${title}">
<nav class="crumbs"><a href="#">← All scenarios</a> <code>${id}</code></nav>
<div class="scenario-head">${renderBadge(outcome)}<h1 tabindex="-1">${title}</h1><p class="reason">${reason}</p></div>
${renderAdjustments(record)}
${renderMeasures(view)}
${renderThroughput(view.throughput)}
${renderVerdicts(record)}
${renderWindows(record)}
${pictures.map((picture, index) => renderPicture(picture, { id: `${id}/first-${index + 1}`, hasScript: true }))}
${view.watchViolations.map((found) => renderWatchViolations(found, id))}
${view.damage !== undefined && html`<p class="note">${view.damage}.</p>`}
${view.chart !== undefined && renderCharts(view)}
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

/** Without those that the throughput table shows. */
function renderMeasures({ record, throughput }: ScenarioView): Html {
  const { measures: all, objectives, durationMs } = record
  const inTable = measuresByClients(
    throughput !== undefined && 'record' in throughput ? throughput.record.measurements : [],
  )
  const entries = Object.entries(all).filter(
    ([name, value]) => value !== undefined && !Object.hasOwn(inTable, name),
  )
  if (entries.length === 0) return html``
  return html`<dl class="figures">${entries.map(([name, value]) => {
    const objective = objectives.find(({ measure }) => measure === name)
    const bad = objective?.met === false || (name === 'acknowledgedLost' && (value ?? 0) > 0)
    const bound = objective && html`<small>${boundOf(name, objective)}</small>`
    return html`<div${bad && html` class="is-grave"`}><dt>${labelOfMeasure(name)}</dt><dd>${formatMeasure(name, value)}${bound}</dd></div>`
  })}<div><dt>duration</dt><dd>${formatDuration(durationMs)}</dd></div></dl>`
}

function boundOf(name: string, objective: ObjectiveResult): string {
  const { atMost, atLeast, from, met, measured, least, most } = objective
  const [word, value] = atMost === undefined ? ['at least', atLeast] : ['at most', atMost]
  const unmet = measured === null ? 'not judged' : 'missed'
  const why = from === undefined ? '' : ` (${from})`
  const open = least === most || least === undefined ? '' : `, ${formatOpen(name, least, most)}`
  return `objective ${met ? 'met' : unmet}: ${word} ${formatMeasure(name, value)}${why}${open}`
}

function formatOpen(name: string, least: number, most: number | null | undefined): string {
  const from = formatMeasure(name, least)
  return most == null
    ? `measured ${from} or more`
    : `measured ${from} to ${formatMeasure(name, most)}`
}

const verdictOutcome = { valid: 'held', invalid: 'broken', unknown: 'inconclusive' } as const

interface Judged extends Pick<ScenarioRecord, 'verdicts'> {
  /** Checkers that do not judge the scenario, with the reason; older records have none. */
  readonly skippedCheckers?: Readonly<Record<string, string>>
}

/** What judged the scenario, and what did not, with the scenario's reason. */
function renderVerdicts({ verdicts: all, skippedCheckers = {} }: Judged): Html {
  const skipped = Object.entries(skippedCheckers)
  if (all.length + skipped.length === 0) return html``
  return html`<h2>Verdicts</h2><ul class="verdicts">${all.map(
    ({ checker, verdict, reason, evidence, factsJudged }) =>
      html`<li><span class="badge is-${verdictOutcome[verdict]}">${verdict}</span><div><b>${checker}</b>
${factsJudged !== undefined && html`<small>${formatQuantity(factsJudged)} facts judged</small>`}${reason !== undefined && html`<p>${reason}</p>`}
${evidence?.expected !== undefined && html`<p>Expected <code>${evidence.expected}</code>, observed <code>${evidence.found ?? 'nothing'}</code></p>`}</div></li>`,
  )}${skipped.map(
    ([checker, reason]) =>
      html`<li><span class="badge is-not-applicable">not judged</span><div><b>${checker}</b><p>${reason}</p></div></li>`,
  )}</ul>`
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
