import type { Cluster } from '../../cluster/types.ts'
import type { Log } from '../../core/log.ts'
import type { Workload } from '../load/background-workload.ts'
import type { Guest } from '../load/guest.ts'
import type { Watchers } from '../observers/watchers.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import type { ScenarioEvidence } from './evidence.ts'

/** What a drill is made of. */
export interface DrillParts {
  readonly cluster: Cluster
  readonly scenario: Pick<Scenario, 'faults' | 'act'>
  readonly workload: Workload
  readonly watchers: Pick<Watchers, 'stop'> | undefined
  /** Its rights end in the middle of the first fault. */
  readonly guest: Pick<Guest, 'endRights'> | undefined
  readonly evidence: ScenarioEvidence
  readonly plan: RunPlan
  readonly log: Log
  readonly signal: AbortSignal
  /** What its deadlines are of the usual ones. */
  readonly patience: number
}
