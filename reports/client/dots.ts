import type uPlot from 'uplot'
import type { Points } from './decode.ts'

const outcomes = ['ok', 'fail', 'info'] as const

/**
 * Draws operations straight onto the chart's canvas, a path for each kind: a hundred thousand take
 * some tens of milliseconds. Successes first, so that what failed lies on top.
 */
export function drawDots(plot: uPlot, points: Points, classes: readonly number[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const outcome of outcomes.keys()) {
    for (const of of classes) drawKind(plot, points, of * 3 + outcome)
  }
  ctx.restore()
}

function drawKind(plot: uPlot, points: Points, kind: number): void {
  const { ctx } = plot
  const outcome = outcomes[kind % 3] ?? 'ok'
  const size = devicePixelRatio * (outcome === 'ok' ? 1.6 : 3.2)
  const color = colorOf(kind)
  const lowest = plot.scales.y?.min ?? 0
  ctx.beginPath()
  for (
    let index = firstFrom(points.times, plot.scales.x?.min ?? 0);
    index < points.times.length;
    index++
  ) {
    if (points.kinds[index] !== kind) continue
    const time = points.times[index] ?? 0
    if (time > (plot.scales.x?.max ?? time)) break
    const x = plot.valToPos(time, 'x', true)
    const y = plot.valToPos(Math.max(points.latenciesMs[index] ?? 1, lowest), 'y', true)
    addMark(ctx, outcome, x, y, size)
  }
  ctx.globalAlpha = outcome === 'ok' ? 0.62 : 0.95
  ctx.fillStyle = color
  ctx.strokeStyle = color
  ctx.lineWidth = devicePixelRatio * 1.3
  if (outcome === 'fail') ctx.stroke()
  else ctx.fill()
  ctx.globalAlpha = 1
}

function addMark(
  ctx: CanvasRenderingContext2D,
  outcome: (typeof outcomes)[number],
  x: number,
  y: number,
  size: number,
): void {
  if (outcome === 'ok') {
    ctx.rect(x - size, y - size, size * 2, size * 2)
    return
  }
  if (outcome === 'fail') {
    ctx.moveTo(x - size, y - size)
    ctx.lineTo(x + size, y + size)
    ctx.moveTo(x + size, y - size)
    ctx.lineTo(x - size, y + size)
    return
  }
  ctx.moveTo(x, y - size)
  ctx.lineTo(x + size, y + size)
  ctx.lineTo(x - size, y + size)
  ctx.closePath()
}

function colorOf(kind: number): string {
  if (kind % 3 === 1) return cssColor('--broken')
  if (kind % 3 === 2) return cssColor('--unsure')
  return cssColor(['--writes', '--reads', '--stale'][Math.floor(kind / 3)] ?? '--writes')
}

export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Times are sorted: where the visible part begins. */
function firstFrom(times: Float64Array, from: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}
