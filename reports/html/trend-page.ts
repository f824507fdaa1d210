import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { verdictOf } from '../../harness/run-record/verdict.ts'
import { formatCount, formatDuration, formatInstant } from '../model/format.ts'
import { headlineOf } from '../model/headline.ts'
import type { Trend, TrendRun } from '../model/trend-runs.ts'
import { outcomeNames, outcomeOrder, renderBadge, renderIcon } from './badges.ts'
import { type Html, html } from './html.ts'
import { renderPage } from './page.ts'
import { baseStyle } from './style/base.ts'
import { tableStyle } from './style/table.ts'

/** All saved runs, newest first, with their write outages over time. Needs no script. */
export function renderTrendPage({ runs, unreadable }: Trend): string {
  return renderPage({
    title: 'Gauntlet: all runs',
    styles: `${baseStyle}${tableStyle}${trendStyle}`,
    script: '',
    body: html`<header class="top"><b>Gauntlet</b><span>${formatCount(runs.length, 'saved run')}</span></header>
<main id="main"><h1>All runs</h1>
${runs.length === 0 && html`<p>No run is saved here yet.</p>`}
${groupsOf(runs).map(([name, group]) => renderSparkline(name, group))}
${runs.length > 0 && renderTable(runs)}
${unreadable.length > 0 && html`<section class="panel"><h2>Could not be read</h2><ul class="gaps">${unreadable.map(({ folder, reason }) => html`<li><b>${folder}</b><span>${reason}</span></li>`)}</ul></section>`}
</main>`,
  })
}

function renderTable(runs: readonly TrendRun[]): Html {
  const heads = ['Verdict', 'Run', 'Started', 'etcd', 'Scenarios', 'Median write outage']
  return html`<table role="table" class="scenarios"><thead role="rowgroup"><tr role="row">${heads.map(
    (head, index) =>
      html`<th role="columnheader" scope="col"${index === 5 && html` class="number"`}>${head}</th>`,
  )}</tr></thead><tbody role="rowgroup">${runs.map(renderRow)}</tbody></table>`
}

function renderRow({ folder, record, medianWriteOutageMs, unrecovered }: TrendRun): Html {
  const { etcd, id, startedAt } = record
  const { counts } = verdictOf(record)
  const present = outcomeOrder.filter((name) => counts[name] > 0)
  return html`<tr role="row"><td role="cell" class="outcome">${renderBadge(headlineOf(record).outcome)}</td>
<th role="rowheader" scope="row"><a href="${encodeURIComponent(folder)}/index.html">${id}</a><small>seed ${record.seed}</small></th>
<td role="cell" data-label="Started">${formatInstant(startedAt)}</td>
<td role="cell" data-label="etcd">${etcd.version} ${etcd.architecture}${etcd.emulated && ' (emulated)'}</td>
<td role="cell" data-label="Scenarios" class="counts">${present.map(
    (name) =>
      html`<span class="is-${name}" title="${outcomeNames[name]}">${renderIcon(name)}${counts[name]} <span>${outcomeNames[name]}</span></span>`,
  )}</td>
<td role="cell" class="number" data-label="Median write outage">${formatDuration(medianWriteOutageMs)}${
    unrecovered > 0 && html`<small>${unrecovered} not recovered</small>`
  }</td></tr>`
}

/**
 * One line for each kind of run, oldest on the left: of one version, architecture and size, with the
 * same scenarios measured. A median over other scenarios would look like a change.
 */
function groupsOf(runs: readonly TrendRun[]): [name: string, runs: TrendRun[]][] {
  const groups = new Map<string, TrendRun[]>()
  for (const run of [...runs].reverse()) {
    const kind = JSON.stringify([kindOf(run.record), measuredIn(run.record)])
    groups.set(kind, [...(groups.get(kind) ?? []), run])
  }
  return [...groups.values()].flatMap((group): [string, TrendRun[]][] => {
    const [first] = group
    return first === undefined || group.length < 2 ? [] : [[kindOf(first.record), group]]
  })
}

function kindOf(record: RunRecord): string {
  const { version, architecture, emulated } = record.etcd
  const place = `${architecture}${emulated ? ' (emulated)' : ''}`
  const members = formatCount(record.spec.members.length, 'member')
  const scenarios = formatCount(measuredIn(record).length, 'scenario')
  return `etcd ${version} on ${place}, ${members}, ${scenarios}`
}

/** Ids of the scenarios whose write outage is in the median. */
function measuredIn({ scenarios }: RunRecord): string[] {
  return scenarios
    .filter(({ measures }) => typeof measures.writeOutageMs === 'number')
    .map(({ id }) => id)
    .sort()
}

const chart = { width: 640, height: 72, margin: 8 }

function renderSparkline(name: string, group: readonly TrendRun[]): Html {
  const shown = group.slice(-60)
  const highest = Math.max(...shown.map(({ medianWriteOutageMs }) => medianWriteOutageMs ?? 0), 1)
  const step = (chart.width - 2 * chart.margin) / Math.max(shown.length - 1, 1)
  const dots = shown.flatMap(({ record, medianWriteOutageMs: value, unrecovered }, index) => {
    if (value === null) return []
    const note = unrecovered > 0 ? `, ${unrecovered} not recovered` : ''
    const x = chart.margin + index * step
    const y = chart.height - chart.margin - (value / highest) * (chart.height - 2 * chart.margin)
    return [{ x: x.toFixed(1), y: y.toFixed(1), value, note, record }]
  })
  const last = dots.at(-1)
  const label = `${name}: median write outage over ${shown.length} runs, last ${formatDuration(last?.value)}, longest ${formatDuration(highest)}`
  return html`<figure class="spark"><figcaption><b>${name}</b> median write outage, last <b>${formatDuration(last?.value)}</b>, longest ${formatDuration(highest)}</figcaption>
<svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="${label}"><polyline points="${dots.map(({ x, y }) => `${x},${y}`).join(' ')}"/>
${dots.map(
  ({ x, y, value, note, record }) =>
    html`<circle cx="${x}" cy="${y}" r="4" class="is-${headlineOf(record).outcome}"><title>${record.id}: ${formatDuration(value)}${note}</title></circle>`,
)}</svg></figure>`
}

const trendStyle = `
main h1 { font-size: 34px; margin: 8px 0 22px; }
.spark { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px; margin: 0 0 16px; }
.spark figcaption { color: var(--muted); font-size: 14px; } .spark figcaption b { color: var(--ink); }
.spark svg { width: 100%; max-width: 760px; height: auto; display: block; margin-top: 8px; }
.spark polyline { fill: none; stroke: var(--line); stroke-width: 2; } .spark circle { fill: var(--tone); stroke: var(--panel); stroke-width: 1.5; }
.counts > span { color: var(--tone); display: inline-flex; gap: 4px; align-items: center; margin-right: 12px; white-space: nowrap; font-size: 13.5px; }
`
