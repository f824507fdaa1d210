import type {
  OutageRecord,
  ScenarioRecord,
  ServiceRow,
} from '../../../harness/run-record/run-record.ts'
import { formatDuration, formatQuantity } from '../../model/format.ts'
import { formatBounds } from '../../model/outages.ts'
import { type Html, html } from '../html.ts'

type Recorded = Pick<ScenarioRecord, 'outages' | 'service'>

/** The outages with their bounds, and how each member served its clients. */
export function renderService({ outages = [], service = [] }: Recorded): Html {
  const members = service.filter(({ member }) => member !== undefined)
  return html`${outages.length > 0 && renderOutages(outages)}${members.length > 0 && renderMembers(members)}`
}

function renderOutages(outages: readonly OutageRecord[]): Html {
  const seconds = (timeNs: number) => `${(timeNs / 1e9).toFixed(2)} s`
  const rows = outages.map((outage) => [
    outage.of.replace('-', ' '),
    outage.member ?? 'every member',
    seconds(outage.beginNs),
    outage.endNs === null ? 'not seen' : seconds(outage.endNs),
    formatBounds(outage),
  ])
  return html`<h2>Outages</h2><p class="note">Clients are pinned to a member. Of each member the longest outage is listed. The first figure is what the requests prove, the second what they leave open.</p>
${renderTable('Outages', ['Of', 'At', 'Began', 'Ended', 'Lasted'], rows)}`
}

function renderMembers(rows: readonly ServiceRow[]): Html {
  const names = { before: 'before the fault', during: 'during the fault', after: 'after the fault' }
  const cells = rows.map((row) => [
    names[row.phase],
    row.of.replace('-', ' '),
    row.member ?? '',
    formatQuantity(row.requests),
    `${((100 * row.served) / Math.max(row.requests, 1)).toFixed(1)} %`,
    formatQuantity(row.failed),
    formatQuantity(row.unknown),
    formatDuration(row.p50Ms),
    formatDuration(row.p99Ms),
  ])
  const heads = ['Phase', 'Of', 'Member', 'Requests', 'Served', 'Failed', 'Unknown']
  return html`<h2>Service of each member</h2>${renderTable(
    'Service of each member',
    [...heads, 'Median', 'p99'],
    cells,
  )}`
}

function renderTable(label: string, heads: readonly string[], rows: readonly string[][]): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table class="plain"><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`
}
