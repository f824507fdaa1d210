import type { Scenario } from '../../harness/index.ts'
import { oldData } from './old-data.ts'
import { mistakes } from './operator-mistakes.ts'
import { refused } from './rejected-changes.ts'
import { replace } from './replacement.ts'

export const scenarios: readonly Scenario[] = [...replace, ...refused, ...oldData, ...mistakes]
