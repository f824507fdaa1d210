import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { formatDuration, formatQuantity } from '../../model/format.ts'
import { renderBadge } from '../badges.ts'
import { type Html, html } from '../html.ts'

/** Of a long run each window's outcome, and which of them the charts and logs below are of. */
export function renderWindows({ windows = [], shownWindow }: ScenarioRecord): Html {
  if (windows.length === 0) return html``
  const shown = windows.findIndex(({ folder }) => folder === shownWindow) + 1
  return html`<h2>Windows</h2>
<p class="note">The run was cut into ${windows.length} windows on one cluster. Each goes on from the final state of the one before, and is judged by itself. What follows is of window ${shown}.</p>
<details class="log"><summary><b>All windows</b></summary><div class="scroll" tabindex="0" role="group" aria-label="Windows"><table class="plain"><thead><tr>
<th scope="col">Window</th><th scope="col">Outcome</th><th scope="col" class="number">Duration</th><th scope="col" class="number">Operations</th><th scope="col">Reason</th></tr></thead><tbody>${windows.map(
    ({ folder, outcome, durationMs, operations, reason }) =>
      html`<tr><th scope="row">${folder}</th><td>${renderBadge(outcome)}</td><td class="number">${formatDuration(durationMs)}</td><td class="number">${formatQuantity(operations)}</td><td>${outcome === 'held' ? '' : reason}</td></tr>`,
  )}</tbody></table></div></details>`
}
