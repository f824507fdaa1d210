import type { Scenario } from '../../harness/index.ts'
import { application } from './application.ts'
import { auth } from './auth.ts'
import { compaction } from './compaction.ts'
import { endpoints } from './endpoints.ts'
import { gateway } from './gateway.ts'
import { keyValue } from './key-value.ts'
import { keysOnly } from './keys-only.ts'
import { leaseCheckpoint, leaseLeaders } from './lease-leaders.ts'
import { leases } from './leases.ts'
import { locks } from './locks.ts'
import { maintenance } from './maintenance.ts'
import { ranges } from './ranges.ts'
import { sizes } from './sizes.ts'
import { transactions } from './transactions.ts'
import { txnRejection } from './txn-rejection.ts'
import { watchStreams } from './watch-streams.ts'
import { watches } from './watches.ts'

/** No scenario here has an outage to measure. */
export const isUntimed = true

export const scenarios: readonly Scenario[] = [
  keyValue,
  ranges,
  keysOnly,
  sizes,
  transactions,
  txnRejection,
  watches,
  watchStreams,
  leases,
  leaseLeaders,
  leaseCheckpoint,
  locks,
  ...auth,
  compaction,
  maintenance,
  ...gateway,
  endpoints,
  ...application,
]
