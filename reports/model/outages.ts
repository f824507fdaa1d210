import type { OutageRecord, ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { formatDuration } from './format.ts'

type Recorded = Pick<ScenarioRecord, 'measures' | 'outages'>

const measures = { writes: 'writeOutageMs', reads: 'readOutageMs' } as const

/** The longest outage of the cluster; `≥` where the end of one was not seen. */
export function formatOutage(scenario: Recorded, of: keyof typeof measures): string {
  const shown = formatDuration(scenario.measures[measures[of]])
  return isOpen(scenario, of) ? `≥ ${shown}` : shown
}

/** Whether the end of an outage of the cluster was not seen. */
export function isOpen({ outages = [] }: Recorded, of: OutageRecord['of']): boolean {
  return outages.some((outage) => {
    return outage.of === of && outage.member === undefined && outage.endNs === null
  })
}

/** At least and at most. */
export function formatBounds({ leastMs, mostMs }: OutageRecord): string {
  const least = formatDuration(leastMs)
  if (mostMs === null) return `≥ ${least}`
  const most = formatDuration(mostMs)
  return least === most ? least : `${least} to ${most}`
}
