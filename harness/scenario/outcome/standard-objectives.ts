import type { Objective } from '../../run-record/scenario-plan.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { steadyMs } from '../../topology/timing.ts'
import type { WorkloadSpec } from '../../workload/workload.ts'

/** Half of the requests take so much of their deadline at most. */
const deadlineShare = 0.5

/**
 * What every scenario promises its clients while no fault is in force: half of the requests of a class
 * are served within five heartbeats, and within half of their deadline. The error budget bounds the
 * others, see error-budget.ts.
 */
export function standardObjectives(
  { mix, timeoutMs }: Pick<WorkloadSpec, 'mix' | 'timeoutMs'>,
  spec: Pick<ClusterSpec, 'heartbeatIntervalMs' | 'electionTimeoutMs'>,
): Objective[] {
  const atMost = Math.min(steadyMs(spec), deadlineShare * timeoutMs)
  const from = `five heartbeats of ${spec.heartbeatIntervalMs} ms, or half of a deadline of ${timeoutMs} ms`
  const writes = (mix.put ?? 0) + (mix.cas ?? 0) + (mix.delete ?? 0) > 0
  return [
    ...(writes ? [{ measure: 'writeP50Ms', atMost, from } as const] : []),
    ...(mix.get ? [{ measure: 'readP50Ms', atMost, from } as const] : []),
  ]
}
