import type { Scenario } from '../../harness/index.ts'
import { application } from './application/application.ts'
import { auth } from './auth/auth.ts'
import { endpoints } from './http/endpoints.ts'
import { gateway } from './http/gateway.ts'
import { keyValue } from './keys/key-value.ts'
import { sizes } from './keys/sizes.ts'
import { leaseCheckpoint, leaseLeaders } from './leases/leaders.ts'
import { leases } from './leases/leases.ts'
import { locks } from './locks/locks.ts'
import { compaction } from './maintenance/compaction.ts'
import { maintenance } from './maintenance/maintenance.ts'
import { keysOnly } from './ranges/keys-only.ts'
import { ranges } from './ranges/ranges.ts'
import { restarts } from './restarts/restarts.ts'
import { txnRejection } from './transactions/rejection.ts'
import { transactions } from './transactions/transactions.ts'
import { watchStreams } from './watches/streams.ts'
import { watches } from './watches/watches.ts'

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
  restarts,
  locks,
  ...auth,
  compaction,
  maintenance,
  ...gateway,
  endpoints,
  ...application,
]
