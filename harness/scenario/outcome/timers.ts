import { nsPerMs } from '../../core/clock.ts'
import type { ServiceTimes } from '../../history/outages.ts'
import type { ScenarioPlan } from '../../run-record/scenario-plan.ts'
import type { ClusterSpec } from '../../topology/spec.ts'

/** What etcd's timers say about a service, scaled to the machine. */
export interface Timers extends ServiceTimes {
  /** A longer delay of the load generator may be why a request was not served in time. */
  readonly stallNs: number
}

/** Requests of plans from before their deadline was in them. */
const formerDeadlineMs = 1_000
/**
 * etcd rejects an election timeout below five heartbeats (`embed.Config.Validate`): so long a cluster
 * may take for a heartbeat and still be healthy.
 */
const steadyHeartbeats = 5
/** A stall of a quarter of the deadline makes the rest too short for a request that is served late. */
const stallShare = 0.25

/**
 * A request that waits for an election timeout was not served in time: by then the members elect
 * another leader. A service is steady again when it served for five heartbeats.
 */
export function timersOf({ spec, timeScale = 1, requestTimeoutMs }: PlannedTimes): Timers {
  const scaledNs = timeScale * nsPerMs
  const deadlineNs = (requestTimeoutMs ?? formerDeadlineMs * timeScale) * nsPerMs
  return {
    patienceNs: spec.electionTimeoutMs * scaledNs,
    steadyNs: steadyHeartbeats * spec.heartbeatIntervalMs * scaledNs,
    deadlineNs,
    stallNs: stallShare * deadlineNs,
  }
}

type PlannedTimes = Pick<ScenarioPlan, 'spec' | 'timeScale' | 'requestTimeoutMs'>

/** The time in which a healthy cluster serves a request, before any scaling: five heartbeats. */
export function steadyMsOf({ heartbeatIntervalMs }: Pick<ClusterSpec, 'heartbeatIntervalMs'>) {
  return steadyHeartbeats * heartbeatIntervalMs
}
