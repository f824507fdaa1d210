import type { Measures } from '../../run-record/schema/measures.ts'

/** Counts of things, which add up. */
const counts = new Set([
  'acknowledgedLost',
  'unknownOutcomes',
  'operations',
  'elections',
  'termsTried',
  'lostVotes',
  'snapshotsInstalled',
  'skippedRequests',
  'lateRequests',
  'faults',
  'compactions',
])
/** The least is the worst. */
const rates = new Set(['ratePerS', 'writesPerS'])

/** One number for all windows: sums of counts, the worst of all else; null when one is. */
export function mergeMeasures(all: readonly Measures[]): Measures {
  const names = new Set(all.flatMap((measures) => Object.keys(measures)))
  return Object.fromEntries([...names].map((name) => [name, mergeOne(name, all)]))
}

function mergeOne(name: string, all: readonly Measures[]): number | null {
  const values: number[] = []
  for (const { [name]: value } of all) {
    if (value === null) return null
    if (value !== undefined) values.push(value)
  }
  if (rates.has(name)) return Math.min(...values)
  return counts.has(name) ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values)
}
