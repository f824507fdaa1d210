import type { WatchViolations } from '../../model/watch-violations.ts'
import { type Html, html } from '../html.ts'
import { renderRawLines } from './raw-lines.ts'

/** A row each, with a jump to the first and the lines that watchers received at its revision. */
export function renderWatchViolations({ checker, rows, raw }: WatchViolations, id: string): Html {
  const first = `${id}/${checker}-first`
  return html`<figure class="picture" aria-label="Violations found by ${checker}">
<figcaption><b>What watchers received</b> Each row is an event that breaks a guarantee of watches.
<button type="button" class="button jump" data-target="${first}">Jump to the first</button></figcaption>
<div class="scroll" tabindex="0" role="group" aria-label="Violations found by ${checker}"><table class="plain"><thead><tr>
<th scope="col">Watches are</th><th scope="col">Member</th><th scope="col" class="number">Revision</th><th scope="col">Observed</th></tr></thead><tbody>${rows.map(
    ({ guarantee, member, revision, text }, index) =>
      html`<tr${index === 0 && html` id="${first}" tabindex="-1" class="is-culprit"`}><th scope="row">${guarantee}</th><td>${member}</td><td class="number">${revision}</td><td class="observed">${text}</td></tr>`,
  )}</tbody></table></div>${raw !== undefined && renderRawLines(raw)}</figure>`
}
