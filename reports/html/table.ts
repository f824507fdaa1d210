import type { RunRecord, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { isSkipped, outcomeOf } from '../../harness/run-record/verdict.ts'
import { formatDuration, formatQuantity } from '../model/format.ts'
import { formatOutage } from '../model/outages.ts'
import { outcomeNames, outcomeOrder, renderBadge, renderIcon, scenarioHref } from './badges.ts'
import { type Html, html } from './html.ts'

/** All scenarios, the broken ones first, with filters by outcome, suite and text. */
export function renderScenarioTable(record: RunRecord): Html {
  const rows = [...record.scenarios].sort(
    (one, other) =>
      outcomeOrder.indexOf(outcomeOf(one)) - outcomeOrder.indexOf(outcomeOf(other)) ||
      (one.id < other.id ? -1 : 1),
  )
  const heads = ['Outcome', 'Scenario', 'Write outage', 'Read outage', 'Lost', 'Unknown']
  return html`<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
${renderFilters(rows)}
<table role="table" class="scenarios"><thead role="rowgroup"><tr role="row">
${[...heads, 'Elections', 'Operations', 'Duration'].map(
  (head, index) =>
    html`<th role="columnheader" scope="col"${index > 1 && html` class="number"`}>${head}</th>`,
)}</tr></thead><tbody role="rowgroup">${rows.map(renderRow)}</tbody></table>
<p class="none" hidden>No scenario matches the filters.</p></section>`
}

function renderFilters(rows: readonly ScenarioRecord[]): Html {
  const outcomes = outcomeOrder.filter((name) => rows.some((entry) => outcomeOf(entry) === name))
  const suites = [...new Set(rows.map(({ suite }) => suite))].sort()
  return html`<form class="filters" role="search" aria-label="Filter scenarios">
<div class="chips" role="group" aria-label="Outcome">${outcomes.map(
    (outcome) =>
      html`<button type="button" class="chip is-${outcome}" data-outcome="${outcome}" aria-pressed="false">${renderIcon(outcome)}${outcomeNames[outcome]}</button>`,
  )}</div>
<label>Suite <select name="suite"><option value="">all</option>${suites.map(
    (suite) => html`<option value="${suite}">${suite}</option>`,
  )}</select></label>
<label>Text <input name="text" type="search" placeholder="title, id, reason" autocomplete="off"></label>
<output class="shown" aria-live="polite">${rows.length} of ${rows.length}</output></form>`
}

function renderRow(scenario: ScenarioRecord): Html {
  const { id, suite, title, reason, measures, durationMs } = scenario
  const outcome = outcomeOf(scenario)
  const search = `${id} ${title} ${reason}`.toLowerCase()
  const judged = !isSkipped(outcome)
  return html`<tr role="row" data-outcome="${outcome}" data-suite="${suite}" data-search="${search}">
<td role="cell" class="outcome">${renderBadge(outcome)}</td>
<th role="rowheader" scope="row"><a href="${scenarioHref(id)}">${title}</a><small><code>${id}</code></small>${
    outcome !== 'held' && html`<small class="why">${reason}</small>`
  }</th>
${renderOutageCell('Write outage', 'writes', scenario)}${renderOutageCell('Read outage', 'reads', scenario)}
${renderNumberCell('Lost', measures.acknowledgedLost, (measures.acknowledgedLost ?? 0) > 0)}
${renderNumberCell('Unknown', measures.unknownOutcomes)}${renderNumberCell('Elections', measures.elections)}
${renderNumberCell('Operations', measures.operations)}
<td role="cell" class="number${!judged && ' is-empty'}" data-label="Duration">${judged ? formatDuration(durationMs) : '–'}</td></tr>`
}

/** The outage, and its share of the objective. */
function renderOutageCell(label: string, of: 'writes' | 'reads', scenario: ScenarioRecord): Html {
  const measure = of === 'writes' ? 'writeOutageMs' : 'readOutageMs'
  const value = scenario.measures[measure]
  const shown = formatOutage(scenario, of)
  const objective = scenario.objectives.find((entry) => entry.measure === measure)
  if (objective?.atMost === undefined || typeof value !== 'number') {
    return html`<td role="cell" class="number${isEmpty(value) && ' is-empty'}" data-label="${label}">${shown}</td>`
  }
  const share = Math.min(value / Math.max(objective.atMost, 1), 1) * 100
  const unmet = objective.measured === null ? 'not judged against' : 'more than'
  const bound = objective.met ? 'of' : unmet
  return html`<td role="cell" class="number outage" data-label="${label}"><span>${shown}</span>
<span class="meter${!objective.met && ' is-missed'}" aria-hidden="true"><i style="width:${share.toFixed(0)}%"></i></span>
<small>${bound} ${formatDuration(objective.atMost)}</small></td>`
}

function renderNumberCell(label: string, value: number | null | undefined, grave = false): Html {
  return html`<td role="cell" class="number${grave && ' is-grave'}${isEmpty(value) && ' is-empty'}" data-label="${label}">${formatQuantity(value)}</td>`
}

/** A phone does not show such cells. */
function isEmpty(value: number | null | undefined): boolean {
  return value === null || value === undefined
}
