import { dayMs } from '../../core/durations.ts'
import { createRandom } from '../../core/random.ts'
import type { Scenario } from '../scenario.ts'

const inCi = 2

/**
 * The scenarios that a self test of all of them tries: with SABOTAGE_ALL=1 every one, with other
 * values, separated by commas, those of these ids; otherwise a few, others each day, because CI's
 * time is short.
 */
export function chooseScenarios(
  scenarios: readonly Scenario[],
  test: string,
): [string, Scenario][] {
  const { SABOTAGE_ALL: wanted } = process.env
  const day = Math.floor(Date.now() / dayMs)
  const chosen =
    wanted === undefined
      ? createRandom(day).fork(test).shuffle(scenarios).slice(0, inCi)
      : scenarios.filter(({ id }) => wanted === '1' || wanted.split(',').includes(id))
  return chosen.map((scenario) => [scenario.id, scenario])
}
