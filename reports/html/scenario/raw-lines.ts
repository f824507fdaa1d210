import type { RawLines } from '../../model/raw-lines.ts'
import { type Html, html } from '../html.ts'

/** Folded: where to look in the file, and what it says there. */
export function renderRawLines({ file, lines }: RawLines): Html {
  if (lines.length === 0) return html``
  return html`<details><summary>Lines of ${file}</summary><ol class="raw-lines">${lines.map(
    ({ number, text }) => html`<li value="${number}"><code>${text}</code></li>`,
  )}</ol></details>`
}
