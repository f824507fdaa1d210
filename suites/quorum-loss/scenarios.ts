import type { Scenario } from '../../harness/index.ts'
import { handover } from './handover.ts'
import { killed } from './killed.ts'
import { partitions } from './partitions.ts'
import { paused } from './paused.ts'
import { resumedIsolated } from './resumed-isolated.ts'
import { slow } from './slow.ts'
import { weak } from './weak.ts'

export const scenarios: readonly Scenario[] = [
  ...killed,
  ...partitions,
  ...paused,
  resumedIsolated,
  ...handover,
  ...slow,
  ...weak,
]
