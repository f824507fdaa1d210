import type uPlotType from 'uplot'
import type { Points } from './decode.ts'
import { cssColor } from './dots.ts'

/** In the page's colours; without a label the chart has room for the dots. */
export function axisOptions(label?: string) {
  const narrow = innerWidth < 820
  return {
    ...(label === undefined || narrow
      ? {}
      : { label, labelSize: 18, labelFont: '12px system-ui, sans-serif' }),
    stroke: () => cssColor('--muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => cssColor('--line'), width: 1 },
    ticks: { show: false },
    ...(label === undefined ? {} : { size: narrow ? 52 : 58 }),
  }
}

/** One line a decade; uPlot's own would crowd a small chart. */
export const decades = {
  splits: (_: uPlotType, __: number, low: number, high: number) => {
    const count = Math.round(Math.log10(high / low)) + 1
    return Array.from({ length: count }, (___, index) => low * 10 ** index)
  },
  // Its filter makes every other tick null, which is no latency.
  filter: (_: uPlotType, splits: number[]) => splits,
  values: (_: uPlotType, ticks: number[]) => ticks.map(formatLatency),
}

function formatLatency(ms: number): string {
  const rounded = (value: number) => Number(value.toPrecision(1))
  if (ms >= 999) return `${rounded(ms / 1_000)} s`
  return ms >= 0.99 ? `${rounded(ms)} ms` : `${rounded(ms * 1_000)} µs`
}

/** Whole decades, the same for both charts, so that they can be compared. */
export function rangeOf(points: Points): [number, number] {
  let [low, high] = [1, 10]
  for (const [index, ms] of points.latenciesMs.entries()) {
    if (ms < low && (points.kinds[index] ?? 0) % 3 < 2) low = ms
    if (ms > high) high = ms
  }
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.2))]
}
