import type { ScenarioView } from '../model/scenario-view.ts'
import { renderBadge } from './badges.ts'
import { html } from './html.ts'
import { renderPage } from './page.ts'
import { renderPicture } from './scenario/picture.ts'
import { renderTimeline } from './scenario/timeline.ts'
import { renderWatchViolations } from './scenario/watch-violations.ts'
import { baseStyle } from './style/base.ts'
import { scenarioStyle } from './style/scenario.ts'
import { tableStyle } from './style/table.ts'

/** One scenario's outcome, the pictures of its violations and its timeline, as one file without a script. */
export function renderFindingPage(view: ScenarioView): string {
  const { record, outcome, pictures, watchViolations } = view
  const { id, title, reason } = record
  return renderPage({
    title: `Gauntlet: ${id}`,
    styles: `${baseStyle}${tableStyle}${scenarioStyle}`,
    script: '',
    body: html`<header class="top"><b>Gauntlet</b><span>${id}</span></header>
<main id="main"><article class="scenario shown"><div class="scenario-head">${renderBadge(outcome)}<h1>${title}</h1><p class="reason">${reason}</p></div>
${pictures.map((picture, index) => renderPicture(picture, { id: `first-${index + 1}`, hasScript: false }))}
${watchViolations.map((found) => renderWatchViolations(found, 'first'))}
<h2>Timeline</h2>${renderTimeline(view)}</article></main>`,
  })
}
