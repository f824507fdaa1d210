import type { Measures, RunRecord, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { outcomeOf } from '../../harness/run-record/verdict.ts'
import { duration, quantity } from '../model/format.ts'
import { badge, icon, outcomeNames, outcomeOrder, scenarioHref } from './badges.ts'
import { type Html, html } from './html.ts'

/** All scenarios, what is broken first, with filters by outcome, suite and text. */
export function scenarioTable(record: RunRecord): Html {
  const rows = [...record.scenarios].sort(
    (one, other) =>
      outcomeOrder.indexOf(outcomeOf(one)) - outcomeOrder.indexOf(outcomeOf(other)) ||
      (one.id < other.id ? -1 : 1),
  )
  const heads = ['Outcome', 'Scenario', 'Writes out', 'Reads out', 'Lost', 'Unknown']
  return html`<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
${filters(rows)}
<table role="table" class="scenarios"><thead role="rowgroup"><tr role="row">
${[...heads, 'Elections', 'Operations', 'Took'].map(
  (head, index) =>
    html`<th role="columnheader" scope="col"${index > 1 && html` class="number"`}>${head}</th>`,
)}</tr></thead><tbody role="rowgroup">${rows.map(row)}</tbody></table>
<p class="none" hidden>No scenario matches the filters.</p></section>`
}

function filters(rows: readonly ScenarioRecord[]): Html {
  const outcomes = outcomeOrder.filter((name) => rows.some((entry) => outcomeOf(entry) === name))
  const suites = [...new Set(rows.map(({ suite }) => suite))].sort()
  return html`<form class="filters" role="search" aria-label="Filter scenarios">
<div class="chips" role="group" aria-label="Outcome">${outcomes.map(
    (outcome) =>
      html`<button type="button" class="chip is-${outcome}" data-outcome="${outcome}" aria-pressed="false">${icon(outcome)}${outcomeNames[outcome]}</button>`,
  )}</div>
<label>Suite <select name="suite"><option value="">all</option>${suites.map(
    (suite) => html`<option value="${suite}">${suite}</option>`,
  )}</select></label>
<label>Text <input name="text" type="search" placeholder="title, id, reason" autocomplete="off"></label>
<output class="shown" aria-live="polite">${rows.length} of ${rows.length}</output></form>`
}

function row(scenario: ScenarioRecord): Html {
  const { id, suite, title, reason, measures, durationMs } = scenario
  const outcome = outcomeOf(scenario)
  const search = `${id} ${title} ${reason}`.toLowerCase()
  const judged = !/^not-/.test(outcome)
  return html`<tr role="row" data-outcome="${outcome}" data-suite="${suite}" data-search="${search}">
<td role="cell" class="outcome">${badge(outcome)}</td>
<th role="rowheader" scope="row"><a href="${scenarioHref(id)}">${title}</a><small><code>${id}</code></small>${
    outcome !== 'held' && html`<small class="why">${reason}</small>`
  }</th>
${outageCell('Writes out', 'writeOutageMs', scenario)}${outageCell('Reads out', 'readOutageMs', scenario)}
${numberCell('Lost', measures.acknowledgedLost, (measures.acknowledgedLost ?? 0) > 0)}
${numberCell('Unknown', measures.unknownOutcomes)}${numberCell('Elections', measures.elections)}
${numberCell('Operations', measures.operations)}
<td role="cell" class="number${!judged && ' is-empty'}" data-label="Took">${judged ? duration(durationMs) : '–'}</td></tr>`
}

/** The outage, and how much of its objective it used. */
function outageCell(
  label: string,
  measure: keyof Measures & string,
  scenario: ScenarioRecord,
): Html {
  const value = scenario.measures[measure]
  const objective = scenario.objectives.find((entry) => entry.measure === measure)
  if (objective?.atMost === undefined || typeof value !== 'number') {
    return html`<td role="cell" class="number${isEmpty(value) && ' is-empty'}" data-label="${label}">${duration(value)}</td>`
  }
  const share = Math.min(value / Math.max(objective.atMost, 1), 1) * 100
  const missed = objective.met ? '' : 'missed '
  return html`<td role="cell" class="number outage" data-label="${label}"><span>${duration(value)}</span>
<span class="meter${!objective.met && ' is-missed'}" aria-hidden="true"><i style="width:${share.toFixed(0)}%"></i></span>
<small>${missed}of ${duration(objective.atMost)}</small></td>`
}

function numberCell(label: string, value: number | null | undefined, grave = false): Html {
  return html`<td role="cell" class="number${grave && ' is-grave'}${isEmpty(value) && ' is-empty'}" data-label="${label}">${quantity(value)}</td>`
}

/** On a phone such cells are left out. */
function isEmpty(value: number | null | undefined): boolean {
  return value === null || value === undefined
}
