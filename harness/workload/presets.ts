import type { WorkloadSpec } from './workload.ts'

/**
 * The background of the disaster suites: light enough not to be the disaster, dense enough that
 * writes and linearizable reads each come every 8 ms, so that an outage is measured well within
 * 20 ms. Few keys, so that reads and writes meet.
 */
export const steady: WorkloadSpec = {
  ratePerS: 300,
  keys: 20,
  valueBytes: 64,
  mix: { put: 5, cas: 1, delete: 1, get: 6, 'serializable-get': 2 },
  timeoutMs: 1_000,
}
