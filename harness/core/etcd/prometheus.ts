import { InputError } from '../errors.ts'

/** One line of a `/metrics` page. */
export interface Sample {
  readonly name: string
  /** With their escapes resolved. */
  readonly labels: Labels
  /** May be NaN or infinite. */
  readonly value: number
  /** Name and labels as they were written: what tells this series from every other. */
  readonly series: string
}

/** Label → value, unquoted. */
export type Labels = Readonly<Record<string, string>>

/** A histogram's state: each bucket counts all observations up to its bound. */
export interface Histogram {
  readonly count: number
  readonly sum: number
  /** In ascending order; the last bound is Infinity. */
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[]
}

/**
 * The samples of a page in Prometheus' text format 0.0.4, in their order; comments and timestamps
 * are left out. Throws an InputError for a line that is neither a sample nor a comment. From
 * https://prometheus.io/docs/instrumenting/exposition_formats/.
 */
export function parsePrometheus(text: string): Sample[] {
  return text.split('\n').flatMap((line, index) => {
    const isSample = line.trim() !== '' && !line.trimStart().startsWith('#')
    return isSample ? [parseSample(line, index + 1)] : []
  })
}

/** The sum of a metric's samples that have all of these labels; undefined when there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: Labels = {},
): number | undefined {
  const found = samples.filter((sample) => sample.name === name && hasLabels(sample, labels))
  if (found.length === 0) return undefined
  return found.reduce((sum, { value }) => sum + value, 0)
}

/** A histogram, summed like `sumOf`; undefined when its count or its sum is missing. */
export function histogramOf(
  samples: readonly Sample[],
  name: string,
  labels: Labels = {},
): Histogram | undefined {
  const count = sumOf(samples, `${name}_count`, labels)
  const sum = sumOf(samples, `${name}_sum`, labels)
  if (count === undefined || sum === undefined) return undefined
  const counts = new Map<number, number>()
  for (const sample of samples) {
    if (sample.name !== `${name}_bucket` || !hasLabels(sample, labels)) continue
    const atMost = parseValue(sample.labels.le ?? '')
    if (atMost !== undefined) counts.set(atMost, (counts.get(atMost) ?? 0) + sample.value)
  }
  const buckets = [...counts].map(([atMost, below]) => ({ atMost, count: below }))
  return { count, sum, buckets: buckets.sort((a, b) => a.atMost - b.atMost) }
}

const hasLabels = (sample: Sample, labels: Labels) =>
  Object.entries(labels).every(([name, value]) => sample.labels[name] === value)

const sampleLine =
  /^\s*(([a-zA-Z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?)\s+(\S+)(?:\s+-?\d+)?\s*$/

function parseSample(line: string, number: number): Sample {
  const [, series = '', name = '', written = '', text = ''] = sampleLine.exec(line) ?? []
  const labels = parseLabels(written)
  const value = parseValue(text)
  if (name === '' || labels === undefined || value === undefined) {
    const shown = JSON.stringify(line.slice(0, 100))
    throw new InputError(`Expected line ${number} to be \`name{labels} value\`, got ${shown}`)
  }
  return { name, labels, value, series }
}

function parseLabels(text: string): Labels | undefined {
  const pair = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/y
  const labels: Record<string, string> = {}
  while (pair.lastIndex < text.length) {
    const [, name = '', escaped = ''] = pair.exec(text) ?? []
    if (name === '') return undefined
    labels[name] = escaped.replaceAll(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char))
  }
  return labels
}

function parseValue(text: string): number | undefined {
  if (/^[+-]?Inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^NaN$/i.test(text)) return Number.NaN
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? undefined : value
}
