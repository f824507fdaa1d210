import { createRandom, type Random } from '../../core/random.ts'
import { planOperations, type WorkloadPlan } from '../../workload/plan.ts'
import type { ProgramClient } from '../../workload/program.ts'
import { createProgramClients } from '../../workload/run-programs.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

/** After a lease's time: etcd looks for expired leases twice a second, and revoking one is a write. */
const leaseSlackMs = 5_000

export const leaseSlackOf = ({ timeScale }: RunPlan): number => leaseSlackMs * timeScale

export const programsRandom = ({ id }: Scenario, { seed }: RunPlan): Random =>
  createRandom(seed).fork(id).fork('programs')

/** What of a workload goes on through the windows of a run: no value is written twice. */
export interface WorkloadMemory {
  readonly operations: WorkloadPlan
  readonly clients: readonly ProgramClient[]
}

export function createWorkloadMemory(
  scenario: Scenario,
  plan: RunPlan,
  memberCount: number,
): WorkloadMemory {
  const { programs: specs = [] } = scenario.workload
  const random = programsRandom(scenario, plan)
  return {
    operations: planScenarioOperations(scenario, plan, memberCount),
    clients: createProgramClients({ specs, random, leaseSlackMs: leaseSlackOf(plan) }),
  }
}

/** The operations of a scenario's open loop, by the run's seed. */
export function planScenarioOperations(
  { id, workload }: Scenario,
  { seed }: RunPlan,
  memberCount: number,
): WorkloadPlan {
  const random = createRandom(seed).fork(id).fork('workload')
  return planOperations(workload, { random, memberCount })
}
