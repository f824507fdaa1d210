import type uPlotType from 'uplot'
import type { ChartData } from './data.ts'
import { cssColor } from './dots.ts'

/** Fault windows and the moments of new leaders, behind every chart. */
export function drawBackground(plot: uPlotType, data: ChartData): void {
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

/** Outages of writes or of reads, on their own chart only. */
export function drawOutages(plot: uPlotType, data: ChartData, of: string): void {
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
