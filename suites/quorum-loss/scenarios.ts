import type { Scenario } from '../../harness/index.ts'
import { degradedLinks } from './degraded-links.ts'
import { degradedMembers } from './degraded-members.ts'
import { handover } from './handover.ts'
import { resumedIsolated } from './isolated-resume.ts'
import { kills } from './kills.ts'
import { partitions } from './partitions.ts'
import { pauses } from './pauses.ts'

export const scenarios: readonly Scenario[] = [
  ...kills,
  ...partitions,
  ...pauses,
  resumedIsolated,
  ...handover,
  ...degradedLinks,
  ...degradedMembers,
]
