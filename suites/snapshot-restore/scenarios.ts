import type { Scenario } from '../../harness/index.ts'
import { forcedCluster } from './forced-cluster.ts'
import { integrity } from './integrity.ts'
import { leasesAndAlarms } from './leases-and-alarms.ts'
import { oldMembers } from './old-members.ts'
import { otherVersion } from './other-version.ts'
import { restoreTargets } from './restore-targets.ts'
import { rollback } from './rollback.ts'
import { snapshotUnderLoad } from './snapshot-under-load.ts'
import { users } from './users.ts'
import { watchers } from './watchers.ts'

export const scenarios: readonly Scenario[] = [
  ...restoreTargets,
  ...otherVersion,
  ...snapshotUnderLoad,
  ...integrity,
  ...watchers,
  ...forcedCluster,
  ...rollback,
  ...oldMembers,
  ...leasesAndAlarms,
  ...users,
]
