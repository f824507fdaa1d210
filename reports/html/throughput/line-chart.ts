import type { Line } from '../../model/timeline/latency-curves.ts'
import { type Html, html } from '../html.ts'

export interface Tick {
  readonly at: number
  readonly label: string
}

const size = { width: 720, height: 260, left: 70, bottom: 28, top: 12, right: 40 } as const
/** As many lines as there are colours; more would look alike. */
const mostLines = 8

/** Lines over a linear axis, with their latencies in milliseconds on a logarithmic one. */
export function renderLineChart(
  title: string,
  { lines, ticks }: { readonly lines: readonly Line[]; readonly ticks: readonly Tick[] },
): Html {
  const shown = lines.slice(0, mostLines)
  const points = shown.flatMap((line) => line.points).filter(({ y }) => y > 0)
  if (points.length === 0) return html``
  const place = placesOf(points)
  const label = `${title}: ${shown.map(({ name }) => name).join('; ')}`
  return html`<figure class="line-chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
${place.rows.map((ms) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${place.y(ms)}" y2="${place.y(ms)}"/><text x="${size.left - 6}" y="${place.y(ms)}" class="row">${ms} ms</text>`)}
${ticks.map(({ at, label }) => html`<text x="${place.x(at)}" y="${size.height - 8}" class="tick-label">${label}</text>`)}
${shown.map(
  (line, index) =>
    html`<polyline class="tone-${index}" points="${line.points
      .filter(({ y }) => y > 0)
      .map(({ x, y }) => `${place.x(x)},${place.y(y)}`)
      .join(' ')}"><title>${line.name}</title></polyline>`,
)}
</svg><ul>${shown.map((line, index) => html`<li><i class="tone-${index}"></i>${line.name}</li>`)}${lines.length > shown.length && html`<li>and ${lines.length - shown.length} more in throughput.json</li>`}</ul></figure>`
}

function placesOf(points: readonly { readonly x: number; readonly y: number }[]) {
  const [low, high] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))]
  const [bottom, top] = [
    Math.floor(Math.log10(low)),
    Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1),
  ]
  const from = Math.min(...points.map(({ x }) => x))
  const widest = Math.max(...points.map(({ x }) => x)) - from || 1
  const width = size.width - size.left - size.right
  const height = size.height - size.top - size.bottom
  return {
    rows: Array.from({ length: top - bottom + 1 }, (_, row) => 10 ** (bottom + row)),
    x: (value: number) => (size.left + ((value - from) / widest) * width).toFixed(1),
    y: (value: number) =>
      (size.top + (1 - (Math.log10(value) - bottom) / (top - bottom)) * height).toFixed(1),
  }
}
