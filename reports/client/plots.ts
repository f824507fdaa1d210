import type uPlotType from 'uplot'
import type { ChartData } from './data.ts'
import { decodePoints, type Points } from './decode.ts'
import { cssColor, drawDots } from './dots.ts'

declare const uPlot: typeof uPlotType

const drawn = new Map<Element, uPlotType[]>()

/** Draws a section's charts at its present width; again when called again (a new scheme, paper). */
export function drawCharts(section: Element): void {
  const source = section.querySelector('.chart-data')
  if (source === null) return
  for (const old of drawn.get(section) ?? []) old.destroy()
  const data = JSON.parse(source.textContent ?? '') as ChartData
  const points = decodePoints(data.points)
  const plots = [...section.querySelectorAll<HTMLElement>('.plot')].map((holder) => {
    const kind = holder.dataset.plot
    if (kind === 'rate') return ratePlot(section, holder, data)
    return latencyPlot(section, holder, data, points, kind === 'writes' ? [0] : [1, 2])
  })
  drawn.set(section, plots)
  section.querySelector('.reset')?.addEventListener('click', () => zoom(section, 0, data.lengthS))
}

export function redrawAll(): void {
  for (const section of drawn.keys()) drawCharts(section)
}

function latencyPlot(
  section: Element,
  holder: HTMLElement,
  data: ChartData,
  points: Points,
  classes: readonly number[],
): uPlotType {
  const times = [0, data.lengthS]
  const y = { ...axis(`${holder.dataset.plot} took`), ...decades }
  const options = {
    ...common(section, holder, data),
    axes: [{ ...axis(), values: () => [], size: 8 }, y],
    scales: { x: { time: false }, y: { distr: 3 as const, range: rangeOf(points) } },
    series: [{}, { show: false }],
  }
  const of = holder.dataset.plot ?? ''
  options.hooks.drawAxes.push((plot) => drawOutages(plot, data, of))
  options.hooks.draw = [(plot) => drawDots(plot, points, classes)]
  return new uPlot(options, [times, [1, 1]], holder)
}

function ratePlot(section: Element, holder: HTMLElement, data: ChartData): uPlotType {
  const { stepS, writes, reads, troubled } = data.rate
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  const line = (label: string, color: string, fill = false) => ({
    ...{ label, stroke: () => cssColor(color), width: 1.5, points: { show: false } },
    ...(fill ? { fill: () => `${cssColor(color)}33` } : {}),
    ...(stepped === undefined ? {} : { paths: stepped }),
  })
  const options = {
    ...common(section, holder, data),
    axes: [
      {
        ...axis(),
        size: 28,
        values: (_: uPlotType, ticks: number[]) => ticks.map((tick) => `${tick} s`),
      },
      axis('per second'),
    ],
    scales: {
      x: { time: false },
      y: { range: [0, Math.max(...writes, ...reads, ...troubled, 1) * 1.1] as [number, number] },
    },
    series: [
      {},
      line('writes', '--writes'),
      line('reads', '--reads'),
      line('failed or unknown', '--broken', true),
    ],
  }
  const times = [...writes.map((_, index) => index * stepS), data.lengthS]
  const closed = (row: readonly number[]) => [...row, row.at(-1) ?? 0]
  return new uPlot(options, [times, closed(writes), closed(reads), closed(troubled)], holder)
}

function common(section: Element, holder: HTMLElement, data: ChartData) {
  const draw: ((plot: uPlotType) => void)[] = []
  const shadeFirst = (plot: uPlotType) => drawBackground(plot, data)
  const follow = (plot: uPlotType, scale: string) => {
    if (scale === 'x') zoom(section, plot.scales.x?.min ?? 0, plot.scales.x?.max ?? 1)
  }
  return {
    width: holder.clientWidth,
    height: holder.clientHeight,
    padding: [8, holder.clientWidth < 700 ? 6 : 12, 0, 0] as [number, number, number, number],
    legend: { show: false },
    cursor: { sync: { key: section.id }, drag: { x: true, y: false }, points: { show: false } },
    hooks: { drawAxes: [shadeFirst], draw, setScale: [follow] },
  }
}

function axis(label?: string) {
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
const decades = {
  splits: (_: uPlotType, __: number, low: number, high: number) => {
    const count = Math.round(Math.log10(high / low)) + 1
    return Array.from({ length: count }, (___, index) => low * 10 ** index)
  },
  values: (_: uPlotType, ticks: number[]) => ticks.map(sayLatency),
}

function sayLatency(ms: number): string {
  const rounded = (value: number) => Number(value.toPrecision(1))
  if (ms >= 999) return `${rounded(ms / 1_000)} s`
  return ms >= 0.99 ? `${rounded(ms)} ms` : `${rounded(ms * 1_000)} µs`
}

/** Whole decades, the same for both charts, so that they can be compared. */
function rangeOf(points: Points): [number, number] {
  let [low, high] = [1, 10]
  for (const [index, ms] of points.latenciesMs.entries()) {
    if (ms < low && (points.kinds[index] ?? 0) % 3 < 2) low = ms
    if (ms > high) high = ms
  }
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.2))]
}

function drawBackground(plot: uPlotType, data: ChartData): void {
  for (const fault of data.faults) band(plot, fault, cssColor('--shade'))
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = cssColor('--leader')
  ctx.lineWidth = devicePixelRatio * 1.5
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
  for (const atS of data.elections) {
    const x = plot.valToPos(atS, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}

function drawOutages(plot: uPlotType, data: ChartData, of: string): void {
  for (const outage of data.outages) {
    if (outage.of === of) band(plot, outage, `${cssColor(`--${of}`)}26`)
  }
}

function band(plot: uPlotType, span: { fromS: number; toS: number }, color: string): void {
  const { ctx, bbox } = plot
  const left = Math.max(plot.valToPos(span.fromS, 'x', true), bbox.left)
  const right = Math.min(plot.valToPos(span.toS, 'x', true), bbox.left + bbox.width)
  if (right <= left) return
  ctx.fillStyle = color
  ctx.fillRect(left, bbox.top, right - left, bbox.height)
}

let following = false

/** All charts of a section and its lanes show the same stretch of time. */
function zoom(section: Element, fromS: number, toS: number): void {
  if (following) return
  following = true
  const plots = drawn.get(section) ?? []
  for (const plot of plots) plot.setScale('x', { min: fromS, max: toS })
  following = false
  const source = section.querySelector('.chart-data')?.textContent ?? ''
  const lengthS = Number(/"lengthS":([\d.e+-]+)/.exec(source)?.[1] ?? 1)
  const lanes = section.querySelector<HTMLElement>('.lanes')
  lanes?.style.setProperty('--zoom-width', `${(lengthS / (toS - fromS)) * 100}%`)
  lanes?.style.setProperty('--zoom-left', `${(-fromS / (toS - fromS)) * 100}%`)
  const reset = section.querySelector<HTMLElement>('.reset')
  if (reset !== null) reset.hidden = fromS <= 0 && toS >= lengthS
}
