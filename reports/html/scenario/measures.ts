import type { ObjectiveResult, ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import { measuresByClients } from '../../../harness/run-record/throughput-record.ts'
import {
  formatDuration,
  formatMeasure,
  formatQuantity,
  labelOfMeasure,
} from '../../model/format.ts'
import type { ScenarioView } from '../../model/scenario-view.ts'
import { type Html, html } from '../html.ts'

type Measured = readonly [name: string, value: number | null]

/** What a reader asks first: how long clients were out, and what is lost. */
const first = ['writeOutageMs', 'readOutageMs', 'acknowledgedLost', 'lostWrites', 'operations']

/** The first figures; those of the throughput table are not repeated. */
export function renderFigures(view: ScenarioView): Html {
  const { objectives, durationMs } = view.record
  const shown = measuresOf(view).filter(([name]) => first.includes(name))
  if (shown.length === 0) return html``
  return html`<dl class="figures">${shown.map(([name, value]) => {
    const missed = objectives.some(({ measure, met }) => measure === name && !met)
    const bad = missed || (name === 'acknowledgedLost' && (value ?? 0) > 0)
    return html`<div${bad && html` class="is-grave"`}><dt>${labelOfMeasure(name)}</dt><dd>${formatMeasure(name, value)}</dd></div>`
  })}<div><dt>duration</dt><dd>${formatDuration(durationMs)}</dd></div></dl>`
}

/** What was missed or left open comes first: a reader of a held scenario sees only ticks. */
export function renderObjectives({
  objectives,
  unboundObjectives = {},
}: Pick<ScenarioRecord, 'objectives' | 'unboundObjectives'>): Html {
  const unbound = renderUnbound(Object.entries(unboundObjectives))
  if (objectives.length === 0) return unbound
  const rows = [...objectives].sort((one, other) => Number(one.met) - Number(other.met))
  return html`<h2>Objectives</h2><div class="scroll" tabindex="0" role="group" aria-label="Objectives"><table class="plain objectives"><thead><tr>
<th scope="col">Measure</th><th scope="col">Result</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Bound</th><th scope="col">Why this bound</th></tr></thead><tbody>${rows.map(
    (objective) => {
      const [result, look] = resultOf(objective)
      return html`<tr><th scope="row">${labelOfMeasure(objective.measure)}</th><td><span class="badge is-${look}">${result}</span></td><td class="number">${formatMeasured(objective)}</td><td class="number">${formatBound(objective)}</td><td class="why-bound">${objective.from ?? ''}</td></tr>`
    },
  )}</tbody></table></div>${unbound}`
}

/** What nothing bounds behind a door, with the reason. */
function renderUnbound(unbound: readonly (readonly [measure: string, reason: string])[]): Html {
  if (unbound.length === 0) return html``
  return html`<ul class="verdicts">${unbound.map(
    ([measure, reason]) =>
      html`<li><span class="badge is-not-applicable">not bounded</span><div><b>${labelOfMeasure(measure)}</b><p>${reason}</p></div></li>`,
  )}</ul>`
}

function resultOf({ met, measured }: ObjectiveResult): [result: string, look: string] {
  if (met) return ['met', 'held']
  return measured === null ? ['not judged', 'inconclusive'] : ['missed', 'broken']
}

function formatBound({ measure, atMost, atLeast }: ObjectiveResult): string {
  return atMost === undefined
    ? `at least ${formatMeasure(measure, atLeast)}`
    : `at most ${formatMeasure(measure, atMost)}`
}

/** What requests prove, to what they leave open where that is more. */
function formatMeasured({ measure, measured, least, most }: ObjectiveResult): string {
  if (least === undefined || least === most) return formatMeasure(measure, measured)
  const from = formatMeasure(measure, least)
  if (most == null) return `${from} or more`
  const to = formatMeasure(measure, most)
  return from === to ? from : `${from} to ${to}`
}

/** All else that was measured, folded. */
export function renderFurtherMeasures(view: ScenarioView): Html {
  const { objectives } = view.record
  const isShown = (name: string) =>
    first.includes(name) || objectives.some(({ measure }) => measure === name)
  const rows = measuresOf(view).filter(([name]) => !isShown(name))
  if (rows.length === 0) return html``
  return html`<details class="further"><summary>${formatQuantity(rows.length)} further ${rows.length === 1 ? 'measure' : 'measures'}</summary><dl>${rows.map(
    ([name, value]) =>
      html`<div><dt>${labelOfMeasure(name)}</dt><dd>${formatMeasure(name, value)}</dd></div>`,
  )}</dl></details>`
}

function measuresOf({ record, throughput }: ScenarioView): Measured[] {
  const inTable = measuresByClients(
    throughput !== undefined && 'record' in throughput ? throughput.record.measurements : [],
  )
  return Object.entries(record.measures).flatMap(([name, value]) =>
    value === undefined || Object.hasOwn(inTable, name) ? [] : [[name, value] as const],
  )
}
