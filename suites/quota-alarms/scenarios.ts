import type { Scenario } from '../../harness/index.ts'
import { nospace } from './nospace.ts'
import { wrongOrders } from './wrong-orders.ts'

export const scenarios: readonly Scenario[] = [...nospace, ...wrongOrders]
