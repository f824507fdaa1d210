import type { Scenario } from '../../harness/index.ts'
import { forceNewCluster } from './force-new-cluster.ts'
import { forcedLearner } from './forced-learner.ts'
import { integrity } from './integrity.ts'
import { beyondKeys } from './leases-and-alarms.ts'
import { oldMembers } from './old-members.ts'
import { online } from './online.ts'
import { places } from './restore-targets.ts'
import { rolledBack } from './rolled-back.ts'
import { users } from './users.ts'
import { watchers } from './watchers.ts'

export const scenarios: readonly Scenario[] = [
  ...places,
  ...online,
  ...integrity,
  ...watchers,
  ...forceNewCluster,
  ...forcedLearner,
  ...rolledBack,
  ...oldMembers,
  ...beyondKeys,
  ...users,
]
