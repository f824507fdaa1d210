import type { Scenario } from '../../harness/index.ts'
import { mistakes } from './mistakes.ts'
import { oldData } from './old-data.ts'
import { refused } from './refused.ts'
import { replace } from './replace.ts'

export const scenarios: readonly Scenario[] = [...replace, ...refused, ...oldData, ...mistakes]
