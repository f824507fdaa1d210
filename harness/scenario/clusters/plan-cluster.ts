import type { ClusterPlan } from '../../cluster/plan.ts'
import type { Log } from '../../core/log.ts'
import { scenarioPaths } from '../../run-record/run-directory.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { fitScenario } from '../applicability/fit-scenario.ts'
import { underLoad } from '../load/background-load.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

/** A scenario that applies, and the cluster that it runs on. */
export interface FittedScenario {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly spec: ClusterSpec
}

/** What `conduct` starts the scenario's cluster with; undefined where the scenario does not apply. */
export function planCluster(scenario: Scenario, plan: RunPlan, log: Log): ClusterPlan | undefined {
  const loaded = underLoad(scenario, plan)
  const { spec, inapplicable } = fitScenario(loaded, plan)
  if (inapplicable !== undefined) return undefined
  return savingPlanOf({ scenario: loaded, plan, spec }, log)
}

/** What the scenario's cluster starts with where its members' logs go to its directory. */
export function savingPlanOf(fitted: FittedScenario, log: Log): ClusterPlan {
  const { scenario, plan } = fitted
  const { members: saveLogsTo } = scenarioPaths(plan.directory, scenario.id)
  return { ...clusterPlanOf(fitted, log), saveLogsTo }
}

/** What the scenario's cluster starts with. */
export function clusterPlanOf({ scenario, plan, spec }: FittedScenario, log: Log): ClusterPlan {
  const { runId, toolboxImage, timeScale, failpoints } = plan
  const settings = scenario.settings?.(spec) ?? {}
  const setsFailpoints = scenario.faults.some(({ needs }) => needs.failpoints)
  return {
    spec,
    runId,
    image: plan.etcd.image,
    toolboxImage,
    timeScale,
    settings,
    log,
    ...(setsFailpoints && failpoints && { failpoints }),
  }
}
