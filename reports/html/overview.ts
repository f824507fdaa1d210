import { dayMs } from '../../harness/core/durations.ts'
import type { RunRecord } from '../../harness/run-record/run-record.ts'
import { outcomeOf, verdictOf } from '../../harness/run-record/verdict.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatQuantity,
} from '../model/format.ts'
import { headlineOf } from '../model/headline.ts'
import { isOpen } from '../model/outages.ts'
import { outcomeNames, outcomeOrder, renderIcon, scenarioHref } from './badges.ts'
import { type Html, html } from './html.ts'

/** The first screen: the verdict in words, the outcomes of the scenarios, the main figures. */
export function renderHero(record: RunRecord): Html {
  const { outcome, heading, sentence, losses } = headlineOf(record)
  const firstBroken = record.scenarios.find((scenario) => outcomeOf(scenario) === 'broken')
  return html`<header class="hero is-${outcome}">
<div class="hero-verdict"><span class="hero-mark">${renderIcon(outcome)}</span>
<div><h1>${heading}</h1><p class="hero-sentence">${sentence}.</p>
${losses.length > 0 && html`<ul class="losses">${losses.map((loss) => html`<li>${loss}.</li>`)}</ul>`}
${firstBroken && html`<p><a class="button" href="${scenarioHref(firstBroken.id)}">Jump to the first violation</a></p>`}
</div></div>
${renderProportions(verdictOf(record).counts)}
${renderKeyFigures(record)}
</header>`
}

function renderProportions(counts: ReturnType<typeof verdictOf>['counts']): Html {
  const present = outcomeOrder.filter((outcome) => counts[outcome] > 0)
  return html`<ul class="proportions" aria-label="Scenarios by outcome">${present.map(
    (outcome) =>
      html`<li class="is-${outcome}" style="flex-grow:${counts[outcome]}"><span>${renderIcon(outcome)}${counts[outcome]} ${outcomeNames[outcome]}</span></li>`,
  )}</ul>`
}

function renderKeyFigures({ scenarios }: RunRecord): Html {
  const longest = (of: 'writes' | 'reads') => {
    const measure = of === 'writes' ? 'writeOutageMs' : 'readOutageMs'
    const lengths = scenarios.map(({ measures }) => measures[measure] ?? Number.NEGATIVE_INFINITY)
    const open = scenarios.some((scenario) => isOpen(scenario, of)) ? '≥ ' : ''
    return open + formatDuration(Math.max(...lengths))
  }
  const sum = (measure: string) => {
    const known = scenarios.map(({ measures }) => measures[measure]).filter(isNumber)
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
  }
  const lost = sum('acknowledgedLost')
  const figures: [label: string, value: string, grave?: boolean][] = [
    ['longest write outage', longest('writes')],
    ['longest read outage', longest('reads')],
    ['acknowledged writes lost', formatQuantity(lost), (lost ?? 0) > 0],
    ['unknown outcomes', formatQuantity(sum('unknownOutcomes'))],
    ['operations', formatQuantity(sum('operations'))],
  ]
  return html`<dl class="figures">${figures.map(
    ([label, value, grave]) =>
      html`<div${grave && html` class="is-grave"`}><dt>${label}</dt><dd>${value}</dd></div>`,
  )}</dl>`
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number'

/** The cluster and the machine under test, and the command that repeats the run. */
export function renderFacts(record: RunRecord): Html {
  const { etcd, spec, machine } = record
  const emulated = etcd.emulated ? ', emulated: timings do not apply to real hardware' : ''
  const tls = { none: 'no TLS', server: 'server TLS', mutual: 'mutual TLS' }[spec.tls.client]
  const door = spec.door === undefined ? '' : `, clients through a ${spec.door}`
  const ran =
    record.endedAt === undefined
      ? 'did not finish'
      : formatDuration(Date.parse(record.endedAt) - Date.parse(record.startedAt))
  const rows: [label: string, value: string | Html][] = [
    ['etcd', `${etcd.version} on ${etcd.architecture}${emulated}`],
    ['cluster', `${spec.name}: ${formatCount(spec.members.length, 'member')}, ${tls}${door}`],
    ...certificateRows(spec.tls),
    ['image', html`<code>${etcd.image}</code>`],
    ['digest', html`<code>${etcd.imageDigest ?? 'unknown'}</code>`],
    ['timing', `election ${spec.electionTimeoutMs} ms, heartbeat ${spec.heartbeatIntervalMs} ms`],
    ['options', html`<code>${optionsOf(record)}</code>`],
    [
      'machine',
      `${formatCount(machine.cpus, 'CPU')}, ${formatBytes(machine.memoryBytes)}, Linux ${machine.kernel}`,
    ],
    ['engine', `${machine.engine}, Node ${machine.node.replace(/^v/, '')}`],
    ['started', `${formatInstant(record.startedAt)}, ${ran}`],
    ['seed', html`<code>${record.seed}</code>`],
    ['run', html`<code>${record.id}</code>`],
  ]
  return html`<section class="panel" aria-labelledby="facts"><h2 id="facts">Under test</h2>
<dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<h3>Run it again</h3>${renderCommand(record.command)}
<p class="note">The seed replays the plan. It does not replay the interleaving of real processes.</p></section>`
}

function certificateRows({ certificates }: RunRecord['spec']['tls']): [string, string][] {
  if (certificates === undefined) return []
  const shapes = Object.entries(certificates).map(([kind, { key, validMs }]) => {
    return `${kind} ${key}, ${Math.max(1, Math.round(validMs / dayMs))} days`
  })
  return [['certificates', `like the user’s: ${shapes.join('; ')}`]]
}

function optionsOf({ spec }: RunRecord): string {
  const options = Object.entries(spec.options).map(([name, value]) => `--${name}=${value}`)
  return options.join(' ') || 'none'
}

export function renderCommand(text: string): Html {
  return html`<div class="command"><code>${text}</code><button type="button" class="copy">Copy</button></div>`
}
