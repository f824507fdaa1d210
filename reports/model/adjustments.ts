import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'

type Adjustments = NonNullable<ScenarioRecord['adjusted']>

/** Those of a scenario's own settings that replace one that the user chose. */
export function replacedSettings({ adjusted = [] }: Pick<ScenarioRecord, 'adjusted'>): Adjustments {
  return adjusted.filter(
    ({ setting, user }) => user !== undefined && /(^|\.)options\.|Ms$/.test(setting),
  )
}

/** `options.snapshot-count: 50 instead of 1000`. */
export function formatAdjustment({ setting, user, scenario }: Adjustments[number]): string {
  const value = scenario ?? 'not set'
  return user === undefined ? `${setting}: ${value}` : `${setting}: ${value} instead of ${user}`
}
