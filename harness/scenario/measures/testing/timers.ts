import type { Timers } from '../timers.ts'

/** Those of a cluster with a heartbeat of 100 ms, and of requests with a deadline of a second. */
export const timers = {
  patienceNs: 1e9,
  steadyNs: 5e8,
  deadlineNs: 1e9,
  stallNs: 25e7,
  lateNs: 1e8,
  longWaitNs: 1e8,
} satisfies Timers
