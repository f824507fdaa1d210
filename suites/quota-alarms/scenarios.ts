import type { Scenario } from '../../harness/index.ts'
import { compaction } from './compaction.ts'
import { corrupt } from './corrupt.ts'
import { defragment } from './defragment.ts'
import { disk } from './disk.ts'
import { halfWay } from './half-way.ts'
import { limits } from './limits.ts'
import { members } from './members.ts'
import { nospace } from './nospace.ts'
import { wrongOrders } from './wrong-orders.ts'

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
