import type {
  LatencyName,
  ThroughputMeasurement,
  ThroughputRecord,
} from '../../../harness/run-record/throughput-record.ts'
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../../model/format.ts'
import type { SavedThroughput } from '../../read/throughput.ts'
import { type Html, html } from '../html.ts'
import { renderThroughputCharts } from './charts.ts'

/** One row for each generator and number of clients, and the warnings about the figures. */
export function renderThroughput(saved: SavedThroughput | undefined): Html {
  if (saved === undefined) return html``
  if ('damage' in saved) {
    return html`<h2>Throughput</h2><p class="note">Cannot be shown: ${saved.damage}.</p>`
  }
  const { record } = saved
  return html`<h2>Throughput</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Throughput table"><table class="plain throughput"><thead><tr>
${heads.map((head, index) => html`<th scope="col"${index > 1 && html` class="number"`}>${head}</th>`)}</tr></thead>
<tbody>${record.measurements.map((measurement) => renderRow(measurement, highestRate(record)))}</tbody></table></div>
${renderThroughputCharts(record)}
<p class="note">In a closed loop a client sends its next request after the response to the last one; in an open loop requests are due at a fixed rate, and latencies count from then. Keys of ${formatBytes(record.keyBytes)}, values of ${formatBytes(record.valueBytes)}; latencies are of acknowledged writes, as the generator measured them. Member cores are the sum over all members. Log sync p99 is of the slowest member. The count is proved when etcd's revision grew by the acknowledged writes.</p>
${renderWarnings(record)}`
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
  'Generator cores',
  'Member cores',
  'Log sync p99',
  'Count',
]
const latencies: readonly LatencyName[] = ['p50Ms', 'p90Ms', 'p99Ms', 'p999Ms', 'maxMs']

function renderRow(measurement: ThroughputMeasurement, highest: number): Html {
  const { generator, operation = 'put', ratePerS, clients, writesPerS } = measurement
  const { latency, errors, cpuCores } = measurement
  const share = highest === 0 ? 0 : (writesPerS / highest) * 100
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  const proved = measurement.rounds.every(({ proof }) => proof.holds)
  return html`<tr><th scope="row">${generator}${operation !== 'put' && html`<small>${operation}</small>`}${ratePerS !== undefined && html`<small>${formatQuantity(Math.round(ratePerS))}/s due</small>`}</th><td>${formatTarget(measurement)}</td><td class="number">${formatQuantity(clients)}</td>
<td class="number rate"><b>${formatQuantity(Math.round(writesPerS))}</b><span class="meter" aria-hidden="true"><i style="width:${share.toFixed(0)}%"></i></span>${renderSpread(measurement)}</td>
${latencies.map((name) => html`<td class="number">${formatDuration(latency[name])}</td>`)}
<td class="number${failed > 0 && ' is-grave'}">${formatQuantity(failed)}</td><td class="number">${formatQuantity(cpuCores)}</td><td class="number">${formatQuantity(memberCores(measurement))}</td>
<td class="number">${diskBound(measurement)}</td><td class="number${!proved && ' is-grave'}">${proved ? 'proved' : 'refuted'}</td></tr>`
}

function formatTarget({ target, members }: ThroughputMeasurement): string {
  if (target === 'leader') return `leader ${members.join(', ')}`
  return members.length === 1 ? `${members[0]} alone` : formatCount(members.length, 'member')
}

/** The spread of the rounds shows how far the figure can be trusted. */
function renderSpread({ rounds }: ThroughputMeasurement): Html | undefined {
  if (rounds.length < 2) return undefined
  const rates = rounds.map(({ writesPerS }) => Math.round(writesPerS))
  return html`<small>${formatQuantity(Math.min(...rates))} to ${formatQuantity(Math.max(...rates))}</small>`
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
  return known.length < bounds.length ? 'above scale' : `≤ ${formatDuration(Math.max(...known))}`
}

const highestRate = ({ measurements }: ThroughputRecord) =>
  Math.max(0, ...measurements.map(({ writesPerS }) => writesPerS))

function renderWarnings({ measurements }: ThroughputRecord): Html | undefined {
  const warned = measurements.filter((one) => one.warnings.length > 0)
  if (warned.length === 0) return undefined
  return html`<details><summary>Warnings about these figures (${formatCount(warned.length, 'warning')})</summary><ul class="cautions">${warned.map(
    (one) =>
      html`<li><b>${one.generator}, ${formatCount(one.clients, 'client')}, ${formatTarget(one)}</b> ${one.warnings.join('; ')}.</li>`,
  )}</ul></details>`
}
