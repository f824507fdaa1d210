import type {
  LatencyName,
  ThroughputMeasurement,
  ThroughputRecord,
} from '../../harness/run-record/throughput-record.ts'
import { bytes, duration, plural, quantity } from '../model/format.ts'
import type { SavedThroughput } from '../read/throughput.ts'
import { type Html, html } from './html.ts'

/** What a generator with so many clients reached, one row each, and what is to be said of it. */
export function throughputSection(saved: SavedThroughput | undefined): Html {
  if (saved === undefined) return html``
  if ('damage' in saved) {
    return html`<h3>Throughput</h3><p class="note">Cannot be shown: ${saved.damage}.</p>`
  }
  const { record } = saved
  return html`<h3>Throughput</h3>
<div class="scroll" tabindex="0" role="group" aria-label="Throughput table"><table class="plain throughput"><thead><tr>
${heads.map((head, index) => html`<th scope="col"${index > 1 && html` class="number"`}>${head}</th>`)}</tr></thead>
<tbody>${record.measurements.map((measurement) => row(measurement, highestRate(record)))}</tbody></table></div>
<p class="note">Closed loop: a client sends its next write when the last one was answered. Keys of ${bytes(record.keyBytes)}, values of ${bytes(record.valueBytes)}; latency of acknowledged writes, as the generator saw it. Cores: processor time used by the generator, and by all members together. Disk: the bound below which 99 of 100 log syncs of the slowest member stayed.</p>
${warnings(record)}`
}

const heads = [
  'Generator',
  'Through',
  'Clients',
  'Writes/s',
  'Median',
  'p90',
  'p99',
  'p99.9',
  'Slowest',
  'Errors',
  'Cores: generator',
  'members',
  'Disk',
  'Count',
]
const latencies: readonly LatencyName[] = ['p50Ms', 'p90Ms', 'p99Ms', 'p999Ms', 'maxMs']

function row(measurement: ThroughputMeasurement, highest: number): Html {
  const { generator, clients, writesPerS, latency, errors, cpuCores } = measurement
  const share = highest === 0 ? 0 : (writesPerS / highest) * 100
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  const proved = measurement.rounds.every(({ proof }) => proof.holds)
  return html`<tr><th scope="row">${generator}</th><td>${through(measurement)}</td><td class="number">${quantity(clients)}</td>
<td class="number rate"><b>${quantity(Math.round(writesPerS))}</b><span class="meter" aria-hidden="true"><i style="width:${share.toFixed(0)}%"></i></span>${spread(measurement)}</td>
${latencies.map((name) => html`<td class="number">${duration(latency[name])}</td>`)}
<td class="number${failed > 0 && ' is-grave'}">${quantity(failed)}</td><td class="number">${quantity(cpuCores)}</td><td class="number">${quantity(memberCores(measurement))}</td>
<td class="number">${diskBound(measurement)}</td><td class="number${!proved && ' is-grave'}">${proved ? 'proved' : 'wrong'}</td></tr>`
}

function through({ target, members }: ThroughputMeasurement): string {
  if (target === 'leader') return `leader ${members.join(', ')}`
  return members.length === 1 ? `${members[0]} alone` : plural(members.length, 'member')
}

/** How far the rounds differ is how far the figure can be trusted. */
function spread({ rounds }: ThroughputMeasurement): Html | undefined {
  if (rounds.length < 2) return undefined
  const rates = rounds.map(({ writesPerS }) => Math.round(writesPerS))
  return html`<small>${quantity(Math.min(...rates))} to ${quantity(Math.max(...rates))}</small>`
}

function memberCores({ rounds }: ThroughputMeasurement): number | null {
  const elapsedMs = rounds.reduce((sum, round) => sum + round.elapsedMs, 0)
  const cpuS = rounds.flatMap(({ costs }) => costs).reduce((sum, cost) => sum + cost.cpuS, 0)
  return elapsedMs === 0 ? null : cpuS / (elapsedMs / 1_000)
}

function diskBound({ rounds }: ThroughputMeasurement): string {
  const syncs = rounds.flatMap(({ costs }) => costs.map(({ walFsync }) => walFsync))
  const bounds = syncs.filter(({ count }) => count > 0).map(({ p99AtMostMs }) => p99AtMostMs)
  if (bounds.length === 0) return '–'
  const known = bounds.filter((bound) => bound !== null)
  return known.length < bounds.length ? 'beyond' : `≤ ${duration(Math.max(...known))}`
}

const highestRate = ({ measurements }: ThroughputRecord) =>
  Math.max(0, ...measurements.map(({ writesPerS }) => writesPerS))

function warnings({ measurements }: ThroughputRecord): Html | undefined {
  const said = measurements.filter((one) => one.warnings.length > 0)
  if (said.length === 0) return undefined
  return html`<details><summary>What these figures do not say (${plural(said.length, 'warning')})</summary><ul class="cautions">${said.map(
    (one) =>
      html`<li><b>${one.generator}, ${plural(one.clients, 'client')}, ${through(one)}</b> ${one.warnings.join('; ')}.</li>`,
  )}</ul></details>`
}
