import type { ClusterSpec } from '../../topology/spec.ts'
import type { Scenario } from '../scenario.ts'

/** Why a scenario cannot run with the authentication of this cluster; undefined when it can. */
export function authConflict(
  { withoutAuth, opensClients }: Pick<Scenario, 'withoutAuth' | 'opensClients'>,
  { auth, tls }: ClusterSpec,
): string | undefined {
  if (auth === undefined) return undefined
  if (withoutAuth !== undefined) return `authentication is on: ${withoutAuth}`
  if (tls.client === 'mutual') return undefined
  if (auth.by === 'certificate')
    return 'clients prove by certificate who they are, and show none here'
  return opensClients && 'clients of its own show no certificate here, and log in by no password'
}
