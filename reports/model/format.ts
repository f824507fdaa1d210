/** `840 ms`, `1.31 s`, `2 min 5 s`; a dash when it could not be measured. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–'
  if (ms < 1) return ms === 0 ? '0 ms' : `${ms.toPrecision(2)} ms`
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `12,345`, `0.82`; a dash when it could not be measured. */
export function formatQuantity(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 })
}

const units: readonly [suffix: string, show: (value: number) => string][] = [
  ['PerS', (value) => `${formatQuantity(value)}/s`],
  ['Bytes', (value) => formatBytes(value)],
  ['Ms', (value) => formatDuration(value)],
  ['Percent', (value) => `${formatQuantity(value)} %`],
]

/** A measure by its name's unit: `writeOutageMs` is a duration. */
export function formatMeasure(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const unit = units.find(([suffix]) => name.endsWith(suffix))
  return unit === undefined ? formatQuantity(value) : unit[1](value)
}

/** `writeOutageMs` → `write outage`. */
export function labelOfMeasure(name: string): string {
  const bare = name.replace(/(PerS|Bytes|Ms|Percent)$/, '')
  return bare.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
}

export function formatBytes(value: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  let left = value
  let unit = 0
  while (Math.abs(left) >= 1_000 && unit < names.length - 1) {
    left /= 1_000
    unit++
  }
  return `${formatQuantity(Number(left.toPrecision(3)))} ${names[unit]}`
}

/** `2026-01-31 11:45 UTC`. */
export function formatInstant(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

export function formatCount(count: number, noun: string): string {
  return `${formatQuantity(count)} ${noun}${count === 1 ? '' : 's'}`
}
