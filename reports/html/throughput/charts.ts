import type { ThroughputRecord } from '../../../harness/run-record/throughput-record.ts'
import { formatQuantity } from '../../model/format.ts'
import {
  type Line,
  percentileLines,
  percentiles,
  placeOfPercentile,
  rateLines,
  timeLines,
} from '../../model/timeline/latency-curves.ts'
import { type Html, html } from '../html.ts'
import { renderLineChart, type Tick } from './line-chart.ts'

/** How latency goes with the percentile, with the rate, and over time; and the other tools' rates. */
export function renderThroughputCharts({ measurements, comparisons = [] }: ThroughputRecord): Html {
  const rates = rateLines(measurements)
  const overTime = timeLines(measurements)
  return html`${renderLineChart('Latency by percentile', { lines: percentileLines(measurements), ticks: percentileTicks })}
${renderLineChart('Latency by requests a second', { lines: rates, ticks: ticksOf(rates, '/s') })}
${renderLineChart('p99 over time', { lines: overTime, ticks: ticksOf(overTime, ' s') })}
${comparisons.length > 0 && html`<ul class="cautions">${comparisons.map(renderComparison)}</ul>`}`
}

const percentileTicks: readonly Tick[] = percentiles
  .filter((p) => [0, 50, 90, 99, 99.9, 99.99].includes(p))
  .map((p) => ({ at: placeOfPercentile(p), label: `${p} %` }))

/** The two ends and the middle. */
function ticksOf(lines: readonly Line[], unit: string): Tick[] {
  const xs = lines.flatMap(({ points }) => points.map(({ x }) => x))
  if (xs.length === 0) return []
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  return [low, (low + high) / 2, high].map((at) => ({
    at,
    label: `${formatQuantity(Math.round(at))}${unit}`,
  }))
}

function renderComparison({
  peer,
  clients,
  ratio,
  oursPerS,
}: NonNullable<ThroughputRecord['comparisons']>[number]): Html {
  return html`<li>${ratio.toFixed(2)} times as many as ${peer}, ${formatQuantity(clients)} clients, median of ${oursPerS.length}, in turn on the same cluster</li>`
}
