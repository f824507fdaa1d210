import type { ClusterSpec } from '../../topology/spec.ts'
import {
  electionDeadlineMs,
  initialCheckMs,
  leastLeaseS,
  startDeadlineMs,
} from '../../topology/timing.ts'

/**
 * How long etcd may take before a promise counts as broken, in milliseconds, scaled to the machine.
 * Each follows from etcd's own timers and leaves room for a busy machine; objectives are tighter.
 */
export interface PromiseDeadlines {
  /** Until a majority knows one leader. */
  readonly leaderMs: number
  /** Until clients are served again: a write and a linearizable read. */
  readonly servingMs: number
  /** Until every member is healthy and knows the leader, restarts included. */
  readonly healthyMs: number
  /** Until every member has applied what is committed, and answers accordingly. */
  readonly appliedMs: number
  /** Until a change of the member list is accepted. */
  readonly membershipMs: number
  /** Until a member exits that cannot continue. */
  readonly exitMs: number
  /** Until the key of a lease with this time to live, in seconds, is gone. */
  leaseMs(ttlS: number): number
  /** The same while one member leads, and the lessor revokes in time. */
  leaseUnderOneLeaderMs(ttlS: number): number
}

/** For clients to connect again and send, and for requests that wait in the members. */
const clientsMs = 15_000
/** etcd's strict check wants members connected for 5 s before it changes the member list. */
const connectedMs = 5_000
/** The lessor looks for expired leases twice a second and revokes a thousand a second (lessor.go). */
const lessorMs = 1_000

/**
 * The deadlines of a cluster. `timeScale` is the plan's: above 1 on an emulated architecture.
 * `patience` is the share of the room that etcd gets; a lease's own time is not part of it.
 */
export function promiseDeadlinesOf(
  spec: ClusterSpec,
  { timeScale, patience = 1 }: { readonly timeScale: number; readonly patience?: number },
): PromiseDeadlines {
  const leaderMs = electionDeadlineMs(spec)
  const servingMs = initialCheckMs(spec) + leaderMs + clientsMs
  const scaled = (ms: number) => Math.round(ms * timeScale * patience)
  return {
    leaderMs: scaled(leaderMs),
    servingMs: scaled(servingMs),
    healthyMs: scaled(startDeadlineMs(spec)),
    appliedMs: scaled(servingMs),
    membershipMs: scaled(connectedMs + servingMs),
    exitMs: scaled(servingMs),
    // A new leader gives each lease its whole time again, and so does one election in between.
    leaseMs: (ttlS) => {
      const livesMs = 2 * Math.max(ttlS, leastLeaseS(spec)) * 1_000
      return Math.round(livesMs * timeScale) + scaled(servingMs + lessorMs)
    },
    leaseUnderOneLeaderMs: (ttlS) => {
      const livesMs = Math.max(ttlS, leastLeaseS(spec)) * 1_000
      return Math.round((livesMs + 2 * lessorMs) * timeScale)
    },
  }
}
