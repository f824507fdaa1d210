import type { FaultWindow } from '../model/fault-windows.ts'
import { duration } from '../model/format.ts'
import type { MemberLane, MemberState } from '../model/lanes.ts'
import type { Outage } from '../model/outages.ts'
import { type ClientSpan, clientColumns } from '../model/rates.ts'
import type { ScenarioView } from '../model/scenario-view.ts'
import { type Html, html } from './html.ts'

const stateNames: Readonly<Record<MemberState, string>> = {
  up: 'up',
  down: 'down',
  paused: 'paused',
  isolated: 'isolated',
  degraded: 'degraded',
}

const clientNames = {
  served: 'clients served',
  some: 'some of them',
  none: 'none of them',
} as const

/** A lane for the faults, one a member with its clients below, one for what was out. */
export function timeline(view: ScenarioView): Html {
  const { faults, lanes, outages } = view
  return html`<div class="lanes">
${
  faults.length > 0 &&
  lane(
    'fault',
    formatFaults(faults),
    'fault-lane',
    faults.map((fault) => faultBar(fault, view)),
    view,
  )
}
${lanes.map((entry) => memberLane(entry, view))}
${outages.map((outage) => {
  const text = `${outage.of} out ${duration(outage.lengthMs)}`
  const side = labelSide(outage, view)
  const bar = html`<span class="outage-bar is-${outage.of}" style="${place(outage, view)}"><b class="${side}">${text}</b></span>`
  return lane(outage.of, `${text}, from ${seconds(outage.fromS)}`, 'outage-lane', [bar], view)
})}</div>${legend(view)}`
}

/** Where the label of an outage has room. */
function labelSide({ fromS, toS }: Outage, { axis }: ScenarioView): string {
  if (toS - fromS > axis.lengthS * 0.35) return 'inside'
  return fromS > axis.lengthS * 0.6 ? 'before' : 'after'
}

function memberLane(entry: MemberLane, view: ScenarioView): Html {
  const states = entry.states.map(
    (span) =>
      html`<span class="state is-${span.state}" style="${place(span, view)}" title="${stateNames[span.state]} ${range(span)}"><b>${span.state !== 'up' && stateNames[span.state]}</b></span>`,
  )
  const led = entry.led.map(
    (span) =>
      html`<span class="led" style="${place(span, view)}" title="leader ${range(span)}"><b>leader</b></span>`,
  )
  const clients = view.clients.get(entry.member)
  const said = [...entry.states, ...entry.led].map((span) => `${span.state} ${range(span)}`)
  const label = `${entry.member}${entry.learner ? ', a learner' : ''}: ${said.join('; ')}`
  const name = entry.learner ? `${entry.member} (learner)` : entry.member
  return html`${lane(name, label, 'member-lane', [...states, ...led], view)}
${clients && lane('clients', formatClients(entry.member, clients), 'client-lane', clients.map(clientBar), view)}`
}

function lane(
  name: string,
  label: string,
  kind: string,
  bars: readonly Html[],
  view: ScenarioView,
): Html {
  const shades = view.faults.map(
    (fault) => html`<span class="shade" style="${place(fault, view)}"></span>`,
  )
  const ticks = (view.chart?.elections ?? []).map(
    (atS) => html`<span class="tick" style="left:${percent(atS, view)}"></span>`,
  )
  return html`<div class="lane ${kind}" role="img" aria-label="${label}"><span class="lane-name" title="${name}">${name}</span><span class="track"><span class="zoomed">${shades}${bars}${kind === 'member-lane' && ticks}</span></span></div>`
}

function faultBar(fault: FaultWindow, view: ScenarioView): Html {
  const text = `${fault.name} ${fault.targets.join(', ')}`
  return html`<span class="fault-bar" style="${place(fault, view)}" title="${text} ${range(fault)}"><b>${text}</b></span>`
}

function clientBar({ state, from, to }: ClientSpan): Html {
  const left = ((from / clientColumns) * 100).toFixed(2)
  const width = (((to - from) / clientColumns) * 100).toFixed(2)
  return html`<span class="client is-${state}" style="left:${left}%;width:${width}%"></span>`
}

function formatFaults(faults: readonly FaultWindow[]): string {
  return faults
    .map((fault) => `${fault.name} ${fault.targets.join(', ')} ${range(fault)}`)
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

/** Only what is in the picture. */
function legend(view: ScenarioView): Html {
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

function place(span: { readonly fromS: number; readonly toS: number }, view: ScenarioView): string {
  return `left:${percent(span.fromS, view)};width:${percent(span.toS - span.fromS, view)}`
}

function percent(secondsOfAxis: number, { axis }: ScenarioView): string {
  const share = Math.min(Math.max(secondsOfAxis / axis.lengthS, 0), 1)
  return `${(share * 100).toFixed(3)}%`
}

function range({ fromS, toS }: { readonly fromS: number; readonly toS: number }): string {
  return `from ${seconds(fromS)} to ${seconds(toS)}`
}

export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`
}
