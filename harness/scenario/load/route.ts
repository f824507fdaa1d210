import { createLogin, type Login } from '../../client/login.ts'
import type { Cluster } from '../../cluster/types.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { ObserveRequest } from '../../history/logs/header-recorder.ts'
import { type AuthUser, loginOf } from '../../topology/auth-users.ts'

/** How a drill's clients reach the members: directly or through a proxy. */
export interface Route {
  /** Where, and as whom, a client of the member at this endpoint connects; default root. */
  to(
    endpoint: string,
    user?: AuthUser,
  ): {
    readonly endpoint: string
    readonly credentials: TlsCredentials | undefined
    readonly observe?: ObserveRequest
    /** Of a user that logs in by a password. */
    readonly login?: Login | undefined
  }
}

/** With the cluster's credentials of the moment: they may be renewed. */
export function directRoute(cluster: Cluster): Route {
  const logins = new Map<AuthUser, Login>()
  const loginFor = (user: AuthUser) => {
    const known = loginOf(cluster.spec, user)
    const present = logins.get(user) ?? (known && createLogin(known))
    if (present !== undefined) logins.set(user, present)
    return present
  }
  return {
    to: (endpoint, user = 'root') => ({
      endpoint,
      credentials: cluster.credentialsOf(user),
      login: loginFor(user),
    }),
  }
}

/** The same way, and the headers of all answers that come on it are observed. */
export function observedRoute(route: Route, observe: ObserveRequest): Route {
  return { to: (endpoint, user) => ({ ...route.to(endpoint, user), observe }) }
}
