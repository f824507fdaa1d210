import type uPlotType from 'uplot'
import { axisOptions, decades, rangeOf } from './axes.ts'
import { drawBackground, drawOutages } from './backdrop.ts'
import type { ChartData } from './data.ts'
import { decodePoints, type Points } from './decode.ts'
import { cssColor, drawDots } from './dots.ts'

declare const uPlot: typeof uPlotType

const latencyLabels: Readonly<Record<string, string>> = {
  writes: 'write latency',
  reads: 'read latency',
}

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
  const y = { ...axisOptions(`${latencyLabels[holder.dataset.plot ?? '']}`), ...decades }
  const options = {
    ...commonOptions(section, holder, data),
    axes: [{ ...axisOptions(), values: () => [], size: 8 }, y],
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
    label,
    stroke: () => cssColor(color),
    width: 1.5,
    points: { show: false },
    ...(fill ? { fill: () => `${cssColor(color)}33` } : {}),
    ...(stepped === undefined ? {} : { paths: stepped }),
  })
  const options = {
    ...commonOptions(section, holder, data),
    axes: [
      {
        ...axisOptions(),
        size: 28,
        values: (_: uPlotType, ticks: number[]) => ticks.map((tick) => `${tick} s`),
      },
      axisOptions('per second'),
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

function commonOptions(section: Element, holder: HTMLElement, data: ChartData) {
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
