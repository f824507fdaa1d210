import type { Scenario } from '../../harness/index.ts'
import { cve202128235 } from './cve-2021-28235.ts'
import { cve202332082 } from './cve-2023-32082.ts'
import { cve202633343 } from './cve-2026-33343.ts'
import { cve202633413 } from './cve-2026-33413.ts'
import { cve202644283 } from './cve-2026-44283.ts'
import { generic18089 } from './generic-18089.ts'
import { ghsa3wh4 } from './ghsa-3wh4-j44w-pg92.ts'
import { ghsa6vch } from './ghsa-6vch-q96h-7gc3.ts'
import { issue15220 } from './issue-15220.ts'
import { issue15247 } from './issue-15247.ts'
import { issue18089 } from './issue-18089.ts'
import { issue20221 } from './issue-20221.ts'
import { issue20893 } from './issue-20893.ts'
import { issue21550 } from './issue-21550.ts'
import { issue21640 } from './issue-21640.ts'
import { type KnownBug, scenarioOf } from './known-bug.ts'

const knownBugs: readonly KnownBug[] = [
  issue15220,
  issue15247,
  issue18089,
  generic18089,
  issue20221,
  issue20893,
  issue21550,
  issue21640,
  cve202128235,
  cve202332082,
  cve202633343,
  cve202633413,
  cve202644283,
  ghsa3wh4,
  ghsa6vch,
]

export const scenarios: readonly Scenario[] = knownBugs.map(scenarioOf)
