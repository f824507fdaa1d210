import { nsPerMs } from '../../core/clock.ts'
import type { ScenarioPlan } from '../../run-record/scenario-plan.ts'
import { longWaitMs, steadyMs } from '../../topology/timing.ts'
import type { ServiceTimes } from './outages/unserved-spans.ts'

/** What etcd's timers say about a service, scaled to the machine. */
export interface Timers extends ServiceTimes {
  /** A longer delay of the load generator may be why a request was not served in time. */
  readonly stallNs: number
  /** A request that the generator sends a heartbeat late says that the machine is busy. */
  readonly lateNs: number
  /** A request that waits so long waits for something. */
  readonly longWaitNs: number
}

/** Requests of plans from before their deadline was in them. */
const formerDeadlineMs = 1_000
/** A stall of a quarter of the deadline makes the rest too short for a request that is served late. */
const stallShare = 0.25

/**
 * A request that waits for an election timeout was not served in time: by then the members elect
 * another leader. A service is steady again when it served for `steadyMs`.
 */
export function timersOf({ spec, timeScale = 1, requestTimeoutMs }: PlannedTimes): Timers {
  const scaledNs = timeScale * nsPerMs
  const deadlineNs = (requestTimeoutMs ?? formerDeadlineMs * timeScale) * nsPerMs
  return {
    patienceNs: spec.electionTimeoutMs * scaledNs,
    steadyNs: steadyMs(spec) * scaledNs,
    lateNs: spec.heartbeatIntervalMs * scaledNs,
    longWaitNs: longWaitMs(spec) * scaledNs,
    deadlineNs,
    stallNs: stallShare * deadlineNs,
  }
}

type PlannedTimes = Pick<ScenarioPlan, 'spec' | 'timeScale' | 'requestTimeoutMs'>
