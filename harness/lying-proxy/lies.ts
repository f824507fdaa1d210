import type { Lie } from './lie.ts'
import { authLies } from './lies/auth.ts'
import { contentLies } from './lies/content.ts'
import { headerLies } from './lies/headers.ts'
import { leaseLies } from './lies/leases.ts'
import { livenessLies } from './lies/liveness.ts'
import { lockLies } from './lies/locks.ts'
import { maintenanceLies } from './lies/maintenance.ts'
import { orderLies } from './lies/order.ts'
import { outcomeLies } from './lies/outcomes.ts'
import { slownessLies } from './lies/slowness.ts'
import { statusLies } from './lies/status.ts'
import { txnStepLies } from './lies/txn-steps.ts'
import { watchEventLies } from './lies/watch-events.ts'
import { watchRequestLies } from './lies/watch-requests.ts'
import { watchResponseLies } from './lies/watch-responses.ts'

export type { Lie } from './lie.ts'
export { startLyingProxies } from './route.ts'

/** Every lie; an ordinary scenario must detect each. */
export const lies: readonly Lie[] = [
  ...outcomeLies,
  ...contentLies,
  ...txnStepLies,
  ...headerLies,
  ...orderLies,
  ...watchResponseLies,
  ...watchEventLies,
  ...watchRequestLies,
  ...leaseLies,
  ...lockLies,
  ...maintenanceLies,
  ...statusLies,
  ...authLies,
  ...livenessLies,
  ...slownessLies,
]
