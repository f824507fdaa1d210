import type { Scenario } from '../../../harness/index.ts'

/** A suite's scenario by its id. Throws a RangeError without one. */
export function findScenario(scenarios: readonly Scenario[], id: string): Scenario {
  const scenario = scenarios.find((each) => each.id === id)
  if (scenario !== undefined) return scenario
  throw new RangeError(
    `Expected a scenario \`${id}\`, got ${scenarios.map((each) => each.id).join(', ')}`,
  )
}
