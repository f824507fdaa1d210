import type { Scenario } from '../../harness/index.ts'
import { doorFaults } from './door-faults.ts'
import { memberLosses } from './member-losses.ts'

/** Gateways and gRPC proxies between clients and members. */
export const scenarios: readonly Scenario[] = [...doorFaults, ...memberLosses]
