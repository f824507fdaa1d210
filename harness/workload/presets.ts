import type { WorkloadSpec } from './workload.ts'

/**
 * The background of the disaster suites: light enough not to be the disaster, dense enough that
 * writes and linearizable reads each come every 8 ms, so that an outage is measured well within
 * 20 ms. Few keys, so that reads and writes meet.
 *
 * Puts and reads alone: in an outage hundreds of writes have an unknown outcome, and what a
 * conditional write or a delete among them did depends on which of the others happened. Without
 * watchers to settle that, judging it can take longer than it is worth; chaos runs have them, and
 * those operations.
 */
export const steady: WorkloadSpec = {
  ratePerS: 300,
  keys: 20,
  valueBytes: 64,
  mix: { put: 6, get: 6, 'serializable-get': 2 },
  timeoutMs: 1_000,
}
