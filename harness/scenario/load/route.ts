import { createLogin, type Login } from '../../client/login.ts'
import type { Cluster } from '../../cluster/types.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { ObserveRequest } from '../../history/logs/header-recorder.ts'
import { type AuthUser, authUsers, type EtcdUser, loginOf } from '../../topology/auth-users.ts'
import { traitsOf } from '../../topology/door.ts'

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
    /** What it connects to, where that is no member. */
    readonly door?: string
  }
}

/** The ways of a drill's requests; the same one where nothing stands between clients and members. */
export interface Routes {
  /** What the drill itself asks of one particular member. */
  readonly drill: Route
  /** What the workload, watchers and holders of leases say. */
  readonly clients: Route
}

/** With the cluster's credentials of the moment: they may be renewed. */
export function directRoute(cluster: Cluster): Route {
  const loginFor = loginsOf((user) => loginOf(cluster.spec, user))
  return {
    to: (endpoint, user = 'root') => ({
      endpoint,
      credentials: cluster.credentialsOf(user),
      login: loginFor(user),
    }),
  }
}

/**
 * The way of the workload's clients through the cluster's doors; undefined where it has none. Behind a
 * door that ends TLS no certificate names a user, so that all of them log in.
 */
export function doorRoute(cluster: Cluster): Route | undefined {
  const { doors, spec } = cluster
  if (doors.length === 0) return undefined
  const direct = directRoute(cluster)
  const byMember = new Map(doors.map((door) => [door.memberEndpoint, door]))
  const allLogIn = spec.auth?.by === 'password' && traitsOf(spec)?.passesCertificates === false
  const loginFor = loginsOf((user) => (allLogIn ? authUsers[user] : loginOf(spec, user)))
  return {
    to: (endpoint, user = 'root') => {
      const door = byMember.get(endpoint)
      const way = direct.to(endpoint, user)
      if (door === undefined) return way
      const { clientEndpoint, name } = door
      return { ...way, endpoint: clientEndpoint, login: loginFor(user), door: name }
    },
  }
}

/** One login a user, which its clients share. */
function loginsOf(known: (user: AuthUser) => EtcdUser | undefined) {
  const logins = new Map<AuthUser, Login>()
  return (user: AuthUser): Login | undefined => {
    const account = known(user)
    const present = logins.get(user) ?? (account && createLogin(account))
    if (present !== undefined) logins.set(user, present)
    return present
  }
}

/** The same way, and the headers of all answers that come on it are observed. */
export function observedRoute(route: Route, observe: ObserveRequest): Route {
  return { to: (endpoint, user) => ({ ...route.to(endpoint, user), observe }) }
}
