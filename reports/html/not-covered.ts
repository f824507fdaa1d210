import type {
  RunRecord,
  ScenarioOutcome,
  ScenarioRecord,
} from '../../harness/run-record/run-record.ts'
import { isSkipped, outcomeOf } from '../../harness/run-record/verdict.ts'
import { formatCount } from '../model/format.ts'
import { outcomeNames, scenarioHref } from './badges.ts'
import { type Html, html } from './html.ts'

/** What this run does not cover, and why: a line for each reason, which unfolds. */
export function renderNotCovered(record: RunRecord): Html {
  const missing = record.capabilities.filter(({ available }) => !available)
  const skipped = groupSkipped(record)
  const errors = record.errors ?? []
  if (missing.length + skipped.length + errors.length === 0) {
    return renderPanel(
      html`<p>Every selected scenario ran, and this machine lacks no capability.</p>`,
    )
  }
  return renderPanel(html`<ul class="gaps">
${errors.map((error) => html`<li><b>Error outside the scenarios</b><span>${error}</span></li>`)}
${missing.map(
  ({ name, detail, lost, remedy }) =>
    html`<li><b>${lost ?? name}</b><span>This machine lacks ${name}: ${sentence(detail)}${remedy && ` ${sentence(remedy)}`}</span></li>`,
)}
${skipped.map(renderSkipped)}</ul>`)
}

function renderPanel(content: Html): Html {
  return html`<section class="panel" aria-labelledby="gaps"><h2 id="gaps">Not covered</h2>
${content}</section>`
}

interface SkippedGroup {
  readonly outcome: ScenarioOutcome
  readonly reason: string
  readonly scenarios: readonly ScenarioRecord[]
}

/** By outcome and reason: a shallow run leaves out far more scenarios than it shows. */
function groupSkipped({ scenarios }: RunRecord): SkippedGroup[] {
  const groups = new Map<string, SkippedGroup>()
  for (const scenario of scenarios) {
    const outcome = outcomeOf(scenario)
    if (!isSkipped(outcome)) continue
    const { reason } = scenario
    const id = `${outcome} ${reason}`
    const others = groups.get(id)?.scenarios ?? []
    groups.set(id, { outcome, reason, scenarios: [...others, scenario] })
  }
  return [...groups.values()]
}

function renderSkipped({ outcome, reason, scenarios }: SkippedGroup): Html {
  return html`<li><details><summary><b>${formatCount(scenarios.length, 'scenario')} ${outcomeNames[outcome]}</b> <span>${reason}</span></summary>
<ul>${scenarios.map(({ id, title }) => html`<li><a href="${scenarioHref(id)}">${title}</a></li>`)}</ul></details></li>`
}

function sentence(text: string): string {
  return `${text.trim().replace(/\.+$/, '')}.`
}
