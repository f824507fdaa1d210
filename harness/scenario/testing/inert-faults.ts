import type { Fault } from '../../faults/fault.ts'
import type { Scenario } from '../scenario.ts'

export const inert = (fault: Fault): Fault => ({ ...fault, inject: async () => async () => {} })

/** The same scenario with faults that do nothing. */
export function withInertFaults(scenario: Scenario): Scenario {
  return {
    ...scenario,
    act: (drill) =>
      scenario.act({ ...drill, inject: (fault, targets) => drill.inject(inert(fault), targets) }),
  }
}
