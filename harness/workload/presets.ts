import type { ProgramSpec, WorkloadSpec } from './workload.ts'

/**
 * Beside the requests at a fixed rate, so that every scenario judges transactions, deletes, leases and
 * what watchers receive of them. Few requests by few clients: in an outage each client leaves at most
 * one conditional write or delete unknown.
 */
export const mixedPrograms: readonly ProgramSpec[] = [
  { name: 'transactions', ratePerS: 15, clients: 2 },
  { name: 'deletes', ratePerS: 15, clients: 2 },
  { name: 'brief-leases', ratePerS: 20, clients: 2 },
]

/** The same where etcd rejects puts and accepts deletes: a delete would hide the outage of writes. */
export const withoutDeletes: readonly ProgramSpec[] = mixedPrograms.filter(
  ({ name }) => name !== 'deletes',
)

/** The same where the end of a lease, which no client requests, would disturb a comparison. */
export const withoutLeases: readonly ProgramSpec[] = mixedPrograms.filter(
  ({ name }) => name !== 'brief-leases',
)

/**
 * The background workload of the disaster suites: too light to be the disaster, and dense enough that
 * writes and linearizable reads each come every 8 ms, so that outages are measured to 20 ms. Few keys,
 * so that reads and writes meet. The requests at a fixed rate are puts and reads only: an outage leaves
 * hundreds of them unknown, and what a conditional write or a delete among them did depends on the others.
 * Those, and leases, are the programs'.
 */
export const steady: WorkloadSpec = {
  ratePerS: 300,
  keys: 20,
  valueBytes: 64,
  mix: { put: 6, get: 6, 'serializable-get': 2 },
  timeoutMs: 1_000,
  programs: mixedPrograms,
}
