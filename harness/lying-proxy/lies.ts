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
import { watchLies } from './lies/watches.ts'

export type { Lie } from './lie.ts'
export { startLyingProxies } from './route.ts'

/** Every lie; an ordinary scenario must detect each. */
export const lies: readonly Lie[] = [
  ...outcomeLies,
  ...contentLies,
  ...headerLies,
  ...orderLies,
  ...watchLies,
  ...leaseLies,
  ...lockLies,
  ...maintenanceLies,
  ...authLies,
  ...livenessLies,
]
