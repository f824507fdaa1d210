import { catalogueOf } from '../../faults/catalogue.ts'
import type { ChosenFailpoints } from '../../faults/failpoints/choose-failpoint.ts'
import type { Fault } from '../../faults/fault.ts'
import { failpointPanic, failpointSleep, upgrade, upgradeAll } from '../../faults/index.ts'
import type { ChaosPlan } from './plan.ts'

type Choices = Pick<ChaosPlan, 'seed' | 'versions' | 'failpoints'>

/** Long beside what a failpoint's step takes, short beside an election timeout: some members lose it. */
const sleepMs = 100

/** Every fault that the schedule may name. */
export function faultsOf(plan: Choices, chosen: ChosenFailpoints = new Map()): Fault[] {
  const { seed, versions } = plan
  const changes = versions === undefined ? [] : [upgrade(versions.to), upgradeAll(versions.to)]
  return [...catalogueOf(seed), ...failpointFaults(plan, chosen), ...changes]
}

/** Of a binary with failpoints; none without. */
export function failpointFaults(
  { seed, failpoints: names = [] }: Choices,
  chosen: ChosenFailpoints = new Map(),
): Fault[] {
  if (names.length === 0) return []
  const choice = { names, seed, chosen }
  return [failpointPanic(choice), failpointSleep(choice, sleepMs)]
}
