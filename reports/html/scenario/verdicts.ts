import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { formatQuantity } from '../../model/format.ts'
import { type Html, html } from '../html.ts'

interface Judged extends Pick<ScenarioRecord, 'verdicts'> {
  /** Checkers that do not judge the scenario, with the reason; older records have none. */
  readonly skippedCheckers?: Readonly<Record<string, string>>
}

const look = { valid: 'held', invalid: 'broken', unknown: 'inconclusive' } as const

/** What is not valid, with the reason: the heart of a scenario that did not hold. */
export function renderFindings({ verdicts }: Judged): Html {
  const found = verdicts.filter(({ verdict }) => verdict !== 'valid')
  if (found.length === 0) return html``
  return html`<h2>What was found</h2><ul class="verdicts">${found.map(
    ({ checker, verdict, reason, evidence, factsJudged }) =>
      html`<li><span class="badge is-${look[verdict]}">${verdict}</span><div><b>${checker}</b>
${factsJudged !== undefined && html`<small>${formatFacts(factsJudged)}</small>`}${reason !== undefined && html`<p>${reason}</p>`}
${evidence?.expected !== undefined && html`<p>Expected <code>${evidence.expected}</code>, observed <code>${evidence.found ?? 'nothing'}</code></p>`}</div></li>`,
  )}</ul>`
}

/** Which checkers found nothing, on how many facts, and which did not judge, with the reason. */
export function renderCheckers({ verdicts, skippedCheckers = {} }: Judged): Html {
  const valid = verdicts.filter(({ verdict }) => verdict === 'valid')
  const skipped = Object.entries(skippedCheckers)
  if (valid.length + skipped.length === 0) return html``
  return html`<h2>Judged valid by</h2><ul class="checkers">${valid.map(
    ({ checker, factsJudged, reason }) =>
      html`<li><span class="badge is-held">valid</span> <b>${checker}</b> ${factsJudged !== undefined && html`<small>${formatFacts(factsJudged)}</small>`}${reason !== undefined && html` <small>${reason}</small>`}</li>`,
  )}</ul>${
    skipped.length > 0 &&
    html`<ul class="verdicts">${skipped.map(
      ([checker, reason]) =>
        html`<li><span class="badge is-not-applicable">not judged</span><div><b>${checker}</b><p>${reason}</p></div></li>`,
    )}</ul>`
  }`
}

const formatFacts = (facts: number) => `${formatQuantity(facts)} facts judged`
