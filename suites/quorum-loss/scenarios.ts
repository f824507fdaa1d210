import type { Scenario } from '../../harness/index.ts'
import { slow } from './degraded-links.ts'
import { weak } from './degraded-members.ts'
import { handover } from './handover.ts'
import { resumedIsolated } from './isolated-resume.ts'
import { killed } from './kills.ts'
import { partitions } from './partitions.ts'
import { paused } from './pauses.ts'

export const scenarios: readonly Scenario[] = [
  ...killed,
  ...partitions,
  ...paused,
  resumedIsolated,
  ...handover,
  ...slow,
  ...weak,
]
