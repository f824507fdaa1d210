import type { Scenario } from '../../harness/index.ts'
import { forceNewCluster } from './force-new-cluster.ts'
import { forcedLearner } from './forced-learner.ts'
import { integrity } from './integrity.ts'
import { leasesAndAlarms } from './leases-and-alarms.ts'
import { oldMembers } from './old-members.ts'
import { online } from './online.ts'
import { restoreTargets } from './restore-targets.ts'
import { rolledBack } from './rolled-back.ts'
import { users } from './users.ts'
import { watchers } from './watchers.ts'

export const scenarios: readonly Scenario[] = [
  ...restoreTargets,
  ...online,
  ...integrity,
  ...watchers,
  ...forceNewCluster,
  ...forcedLearner,
  ...rolledBack,
  ...oldMembers,
  ...leasesAndAlarms,
  ...users,
]
