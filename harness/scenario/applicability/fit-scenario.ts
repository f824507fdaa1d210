import type { ClusterSpec } from '../../topology/spec.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario, UpgradedRun } from '../scenario.ts'
import { authConflict } from './auth-conflict.ts'
import { doorConflict } from './door-conflict.ts'
import { missingCapability, missingDoors, missingFsync, missingMembers } from './missing-needs.ts'

/** The user's cluster as the scenario has it, and why the scenario does not apply, if so. */
export function fitScenario(
  scenario: Scenario,
  plan: Pick<RunPlan, 'spec' | 'capabilities'> & UpgradedRun,
): { readonly spec: ClusterSpec; readonly inapplicable: string | undefined } {
  const spec = scenario.adjustSpec?.(plan.spec) ?? plan.spec
  const inapplicable =
    missingMembers(scenario, spec) ??
    scenario.notApplicable?.(spec, plan) ??
    authConflict(scenario, spec) ??
    doorConflict(scenario, spec) ??
    missingDoors(scenario.faults, spec) ??
    missingFsync(scenario.faults, spec) ??
    missingCapability(scenario.faults, plan.capabilities)
  return { spec, inapplicable }
}
