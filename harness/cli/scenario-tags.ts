import type { Scenario } from '../scenario/scenario.ts'

/** What kind of scenario it is, read from the scenario itself. */
const kinds = {
  /** Its cluster, faults and clients follow from the run's seed. */
  chaos: ({ chaos }) => chaos === true,
  /** Bounds what is measured, such as the length of an outage. */
  objective: ({ objectives }) => objectives !== undefined,
  /** On versions that have a bug it comes out as a known issue. */
  'known-issue': ({ knownIssue }) => knownIssue !== undefined,
  /** Needs another cluster than the user's. */
  'own-cluster': ({ adjustSpec, settings }) => adjustSpec !== undefined || settings !== undefined,
  /** Gives up the cluster on purpose, as a restore does. */
  'gives-up': ({ ends }) => ends === 'elsewhere',
  'no-fault': ({ faults, chaos }) => faults.length === 0 && chaos !== true,
} satisfies Readonly<Record<string, (scenario: Scenario) => boolean>>

export const scenarioTags = Object.keys(kinds) as (keyof typeof kinds)[]

export function tagsOf(scenario: Scenario): string[] {
  return scenarioTags.filter((tag) => kinds[tag](scenario))
}
