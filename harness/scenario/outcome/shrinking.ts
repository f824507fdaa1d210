import type { Shrinking } from '../../run-record/evidence/shrinking.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'

/** The record of a chaos that came out broken, whose reason names the smallest schedule that did. */
export function withShrinking(record: ScenarioRecord, shrinking: Shrinking): ScenarioRecord {
  return { ...record, reason: `${record.reason}; ${formatShrinking(shrinking)}` }
}

export function formatShrinking({ steps, runs, exhausted }: Shrinking): string {
  if (steps.length === 0) return 'it failed again without any fault'
  const faults = steps.map(({ fault, targets, lengthMs }) => {
    return `${fault} of ${targets.join(' ')} for ${lengthMs} ms`
  })
  const limit = exhausted ? '' : ', the limit,'
  return `shrunk in ${runs} runs${limit} to ${faults.join(', ')}`
}
