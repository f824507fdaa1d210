import { formatDuration } from '../../model/format.ts'
import type { ScenarioView } from '../../model/scenario-view.ts'
import type { FaultSpan } from '../../model/timeline/fault-spans.ts'
import type { MemberLane } from '../../model/timeline/lanes.ts'
import type { MemberState } from '../../model/timeline/member-state.ts'
import type { OutageSpan } from '../../model/timeline/outage-spans.ts'
import { type ClientSpan, clientColumns } from '../../model/timeline/rates.ts'
import { type Html, html } from '../html.ts'
import { formatRange, formatSeconds, percentOf, placeOf } from './timeline-place.ts'

const stateNames: Readonly<Record<MemberState, string>> = {
  up: 'up',
  down: 'down',
  paused: 'paused',
  isolated: 'isolated',
  degraded: 'degraded',
}

const clientNames = {
  served: 'all requests served',
  some: 'some served',
  none: 'none served',
} as const

/** A lane for the faults, one for each member with its clients below, two for outages. */
export function renderTimeline(view: ScenarioView): Html {
  const { faults, lanes } = view
  return html`<div class="lanes">
${
  faults.length > 0 &&
  renderLane(
    'fault',
    formatFaults(faults),
    'fault-lane',
    faults.map((fault) => renderFaultBar(fault, view)),
    view,
  )
}
${lanes.map((entry) => renderMemberLane(entry, view))}
${doorsOf(view, lanes).map((name) => renderClientLane(name, name, view))}
${(['writes', 'reads'] as const).map((of) => renderOutageLane(of, view))}</div>${renderLegend(view)}`
}

function renderOutageLane(of: OutageSpan['of'], view: ScenarioView): Html {
  const outages = view.outages
    .filter((outage) => outage.of === of)
    .toSorted((one, other) => one.fromS - other.fromS)
  if (outages.length === 0) return html``
  const bars = outages.map((outage, index) => {
    const [before, next] = [outages[index - 1], outages[index + 1]]
    const room = {
      before: outage.fromS - (before?.toS ?? 0),
      after: (next?.fromS ?? view.axis.lengthS) - outage.toS,
    }
    const label = labelOf(outage, room, view)
    return html`<span class="outage-bar is-${of}" style="${placeOf(outage, view)}" title="${describe(outage)}">${label && html`<b class="${label.side}${label.isBrief && ' is-brief'}">${label.text}</b>`}</span>`
  })
  return renderLane(of, outages.map(describe).join('; '), 'outage-lane', bars, view)
}

const describe = ({ of, lengthMs, fromS }: OutageSpan) =>
  `no ${of} for ${formatDuration(lengthMs)}, from ${formatSeconds(fromS)}`

interface Label {
  readonly side: 'inside' | 'after' | 'before'
  readonly text: string
  /** A phone has no room for it. */
  readonly isBrief: boolean
}

/** An outage's label where it has room: in words, else its length alone. */
function labelOf(
  { of, fromS, toS, lengthMs }: OutageSpan,
  room: { readonly before: number; readonly after: number },
  { axis }: ScenarioView,
): Label | undefined {
  const length = formatDuration(lengthMs)
  const inWords = `no ${of} for ${length}`
  if (toS - fromS > axis.lengthS * 0.35) {
    return { side: 'inside', text: inWords, isBrief: false }
  }
  for (const [text, share, isBrief] of [
    [inWords, 0.22, false],
    [length, 0.08, true],
  ] as const) {
    if (room.after > axis.lengthS * share) return { side: 'after', text, isBrief }
    // The label of the outage before may stand in the same gap.
    if (room.before > 2 * axis.lengthS * share) return { side: 'before', text, isBrief }
  }
  return undefined
}

function renderMemberLane(entry: MemberLane, view: ScenarioView): Html {
  const states = entry.states.map(
    (span) =>
      html`<span class="state is-${span.state}" style="${placeOf(span, view)}" title="${stateNames[span.state]} ${formatRange(span)}"><b>${span.state !== 'up' && stateNames[span.state]}</b></span>`,
  )
  const led = entry.led.map(
    (span) =>
      html`<span class="led" style="${placeOf(span, view)}" title="leader ${formatRange(span)}"><b>leader</b></span>`,
  )
  const spans = [...entry.states, ...entry.led].map((span) => `${span.state} ${formatRange(span)}`)
  const label = `${entry.member}: ${spans.join('; ')}`
  return html`${renderLane(entry.member, label, 'member-lane', [...states, ...led], view)}
${renderClientLane('clients', entry.member, view)}`
}

/** What clients use instead of a member. */
function doorsOf({ clients }: ScenarioView, lanes: readonly MemberLane[]): string[] {
  return [...clients.keys()].filter((name) => !lanes.some(({ member }) => member === name))
}

function renderClientLane(label: string, name: string, view: ScenarioView): Html | undefined {
  const clients = view.clients.get(name)
  return (
    clients &&
    renderLane(
      label,
      formatClients(name, clients),
      'client-lane',
      clients.map(renderClientBar),
      view,
    )
  )
}

function renderLane(
  name: string,
  label: string,
  kind: string,
  bars: readonly Html[],
  view: ScenarioView,
): Html {
  const shades = view.faults.map(
    (fault) => html`<span class="shade" style="${placeOf(fault, view)}"></span>`,
  )
  const ticks = (view.chart?.elections ?? []).map(
    (atS) => html`<span class="tick" style="left:${percentOf(atS, view)}"></span>`,
  )
  return html`<div class="lane ${kind}" role="img" aria-label="${label}"><span class="lane-name" title="${name}">${name}</span><span class="track"><span class="zoomed">${shades}${bars}${kind === 'member-lane' && ticks}</span></span></div>`
}

function renderFaultBar(fault: FaultSpan, view: ScenarioView): Html {
  const text = `${fault.name} ${fault.targets.join(', ')}`
  return html`<span class="fault-bar" style="${placeOf(fault, view)}" title="${text} ${formatRange(fault)}"><b>${text}</b></span>`
}

function renderClientBar({ state, from, to }: ClientSpan): Html {
  const left = ((from / clientColumns) * 100).toFixed(2)
  const width = (((to - from) / clientColumns) * 100).toFixed(2)
  return html`<span class="client is-${state}" style="left:${left}%;width:${width}%"></span>`
}

function formatFaults(faults: readonly FaultSpan[]): string {
  return faults
    .map((fault) => `${fault.name} ${fault.targets.join(', ')} ${formatRange(fault)}`)
    .join('; ')
}

function formatClients(member: string, spans: readonly ClientSpan[]): string {
  const share = (state: string) => {
    const columns = spans
      .filter((span) => span.state === state)
      .reduce((sum, { from, to }) => sum + to - from, 0)
    return Math.round((columns / clientColumns) * 100)
  }
  return `Clients of ${member}: all served ${share('served')} % of the time, some ${share('some')} %, none ${share('none')} %`
}

/** Only what the picture shows. */
function renderLegend(view: ScenarioView): Html {
  const states = new Set(view.lanes.flatMap((entry) => entry.states.map(({ state }) => state)))
  const clients = new Set([...view.clients.values()].flat().map(({ state }) => state))
  const entries: [kind: string, text: string][] = [
    ['led', 'leader'],
    ...[...states].map((state): [string, string] => [`state is-${state}`, stateNames[state]]),
    ...[...clients].map((state): [string, string] => [`client is-${state}`, clientNames[state]]),
    ['shade', 'fault'],
    ['tick', 'new leader'],
  ]
  return html`<ul class="legend" aria-hidden="true">${entries.map(
    ([kind, text]) => html`<li><i class="${kind}"></i>${text}</li>`,
  )}</ul>`
}
