import type { WorkloadSpec } from './workload.ts'

/**
 * The background workload of the disaster suites: too light to be the disaster, and dense enough that
 * writes and linearizable reads each come every 8 ms, so that outages are measured to 20 ms. Few keys,
 * so that reads and writes meet.
 *
 * It has puts and reads only: an outage leaves hundreds of writes unknown, and the effect of a
 * conditional write or a delete among them depends on which others took effect. Without watchers to
 * settle that, judging takes too long; chaos scenarios have watchers, and those operations.
 */
export const steady: WorkloadSpec = {
  ratePerS: 300,
  keys: 20,
  valueBytes: 64,
  mix: { put: 6, get: 6, 'serializable-get': 2 },
  timeoutMs: 1_000,
}
