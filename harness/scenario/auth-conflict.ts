import type { ClusterSpec } from '../topology/spec.ts'
import type { Scenario } from './scenario.ts'

/** Why a scenario cannot run with the authentication of this cluster; undefined when it can. */
export function authConflict(
  { withoutAuth }: Pick<Scenario, 'withoutAuth'>,
  { auth, tls }: ClusterSpec,
): string | undefined {
  if (auth === undefined) return undefined
  if (withoutAuth !== undefined) return `authentication is on: ${withoutAuth}`
  if (auth.by === 'password' || tls.client === 'mutual') return undefined
  return 'authentication is by certificate, and clients show none here'
}
