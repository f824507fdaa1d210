import type { ScenarioOutcome } from '../../harness/run-record/run-record.ts'
import { toVisible } from '../text.ts'
import { type Html, html, trustHtml } from './html.ts'

export const outcomeNames: Readonly<Record<ScenarioOutcome, string>> = {
  broken: 'broken',
  inconclusive: 'inconclusive',
  'known-issue': 'known issue',
  held: 'held',
  'not-run': 'not run',
  'not-applicable': 'not applicable',
}

/** In the order in which a reader must look at them. */
export const outcomeOrder = Object.keys(outcomeNames) as ScenarioOutcome[]

/** Each outcome has a shape of its own, distinct without colour and in print. */
const shapes: Readonly<Record<ScenarioOutcome, string>> = {
  held: '<path d="M3 8.5l3.2 3.2L13 5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
  broken:
    '<path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
  'known-issue': '<path d="M8 2.2L13.8 8 8 13.8 2.2 8z" fill="currentColor"/>',
  inconclusive:
    '<path d="M5.3 6a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2.8-1.2 1.7" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/><circle cx="8" cy="13" r="1.2" fill="currentColor"/>',
  'not-run':
    '<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.6 2.2"/>',
  'not-applicable':
    '<path d="M4 8h8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
}

/** Defined once a page, used by reference. */
export function renderIconDefinitions(): Html {
  const symbols = Object.entries(shapes).map(
    ([name, shape]) => `<symbol id="icon-${name}" viewBox="0 0 16 16">${shape}</symbol>`,
  )
  return trustHtml(
    `<svg width="0" height="0" class="icons" aria-hidden="true">${symbols.join('')}</svg>`,
  )
}

export function renderIcon(outcome: ScenarioOutcome): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${outcome}"/></svg>`
}

export function renderBadge(outcome: ScenarioOutcome): Html {
  return html`<span class="badge is-${outcome}">${renderIcon(outcome)}${outcomeNames[outcome]}</span>`
}

/** A link to a scenario's section, whose id is written the same way. */
export function scenarioHref(id: string): string {
  return `#${toVisible(id).split('/').map(encodeURIComponent).join('/')}`
}
