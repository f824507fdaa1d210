import type { Measurement, Proof, Reading } from '../../../harness/core/effect.ts'
import type { FaultSpan } from '../../model/timeline/fault-spans.ts'
import { type Html, html } from '../html.ts'
import { formatRange } from './timeline-place.ts'

/** A row for each fault window: its effect, and what was measured while it was in force. */
export function renderFaults(faults: readonly FaultSpan[]): Html {
  if (faults.length === 0) return html``
  return html`<h2>Faults in force</h2><div class="scroll" tabindex="0" role="group" aria-label="Faults in force"><table class="plain faults"><thead><tr>
${['Fault', 'Effect', 'Proof', 'Expected', 'Observed'].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${faults.map(renderRow)}</tbody></table></div>`
}

function renderRow({ name, effect, targets, fromS, toS, proof }: FaultSpan): Html {
  const missing = proof?.observed === false
  return html`<tr><th scope="row">${name} ${targets.join(', ')}<small>${formatRange({ fromS, toS })}</small></th>
<td>${effect ?? 'unknown'}</td><td${missing && html` class="is-grave"`}>${formatResult(proof)}</td>
<td>${proof?.expected ?? '–'}</td><td>${proof === undefined ? '–' : renderReadings(proof.measured)}</td></tr>`
}

/** A window that the scenario opens for a step of its own has no probe. */
function formatResult(proof: Proof | undefined): string {
  if (proof === undefined) return 'not measured'
  return proof.observed ? 'effect observed' : 'no effect observed'
}

function renderReadings(measured: readonly Measurement[]): Html {
  if (measured.length === 0) return html`nothing`
  return html`<ul>${measured.map(
    ({ at, what, before, now }) =>
      html`<li>${what} of ${at}: ${before !== undefined && `${formatReading(before)} before, `}${formatReading(now)} during</li>`,
  )}</ul>`
}

const formatReading = (reading: Reading): string => (reading === null ? 'none' : String(reading))
