import type { Scenario } from '../../harness/index.ts'
import { found } from './found.ts'
import { wrongStarts } from './wrong-starts.ts'

/** How the members of a cluster find each other, and what etcd says to one that is started wrongly. */
export const scenarios: readonly Scenario[] = [...found, ...wrongStarts]
