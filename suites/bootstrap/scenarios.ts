import type { Scenario } from '../../harness/index.ts'
import { memberDiscovery } from './member-discovery.ts'
import { wrongStarts } from './wrong-starts.ts'

/** How the members of a cluster find each other, and what etcd says to one that is started wrongly. */
export const scenarios: readonly Scenario[] = [...memberDiscovery, ...wrongStarts]
