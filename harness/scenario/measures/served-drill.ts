import type { TimeSpan } from '../../core/spans.ts'
import type { FaultWindow } from '../../history/fault-windows.ts'
import type { MetricsEntry } from '../../history/logs/metrics.ts'
import type { Attempt } from './attempts.ts'
import type { Phases } from './phases.ts'
import type { Timers } from './timers.ts'

/** A drill as its clients saw it. The history is the recorded one: unknown outcomes count. */
export interface ServedDrill {
  /** The wall-clock instant of its time 0. */
  readonly startedAtMs: number
  readonly attempts: readonly Attempt[]
  /** Requests about leases, which count where clients are to be served, and in no outage. */
  readonly leaseAttempts: readonly Attempt[]
  readonly windows: readonly FaultWindow[]
  readonly phases: Phases
  /** When this machine could not keep up. */
  readonly stalls: readonly TimeSpan[]
  readonly timers: Timers
  /** Clients have no member of their own: a door sends each request to the next one. */
  readonly isBalanced?: boolean
  /** Readings of the members' metrics, as far as they tell of disks; absent in older evidence. */
  readonly metrics?: readonly MetricsEntry[]
  /** The cluster was given up on purpose. */
  readonly endsElsewhere: boolean
}
