import type { Scenario } from '../../harness/index.ts'
import { compaction } from './auto-compaction.ts'
import { corrupt } from './corrupt-alarm.ts'
import { defragment } from './defragmentation.ts'
import { disk } from './full-disk.ts'
import { halfWay } from './incomplete-recovery.ts'
import { members } from './member-quotas.ts'
import { nospace } from './nospace-alarm.ts'
import { limits } from './request-limits.ts'
import { wrongOrders } from './wrong-recovery-order.ts'

export const scenarios: readonly Scenario[] = [
  ...nospace,
  ...wrongOrders,
  ...halfWay,
  ...members,
  ...compaction,
  ...defragment,
  ...disk,
  ...corrupt,
  ...limits,
]
