import type { Scenario } from '../../harness/index.ts'
import { downgrades } from './downgrade/downgrade.ts'
import { rolling } from './rolling.ts'

export const scenarios: readonly Scenario[] = [...rolling, ...downgrades]
