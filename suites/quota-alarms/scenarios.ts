import type { Scenario } from '../../harness/index.ts'
import { compaction } from './auto-compaction.ts'
import { corruptAlarm } from './corrupt-alarm.ts'
import { defragmentation } from './defragmentation.ts'
import { fullDisk } from './full-disk.ts'
import { incompleteRecovery } from './incomplete-recovery.ts'
import { memberQuotas } from './member-quotas.ts'
import { nospaceAlarm } from './nospace-alarm.ts'
import { requestLimits } from './request-limits.ts'
import { wrongRecoveryOrder } from './wrong-recovery-order.ts'

export const scenarios: readonly Scenario[] = [
  ...nospaceAlarm,
  ...wrongRecoveryOrder,
  ...incompleteRecovery,
  ...memberQuotas,
  ...compaction,
  ...defragmentation,
  ...fullDisk,
  ...corruptAlarm,
  ...requestLimits,
]
