import type { Cluster } from '../../cluster/types.ts'
import type { TlsCredentials } from '../../core/tls-credentials.ts'
import type { ObserveRequest } from '../../history/header-recorder.ts'

/** How a drill's clients reach the members: directly or through a proxy. */
export interface Route {
  /** Where a client of the member at this endpoint connects. */
  to(endpoint: string): {
    readonly endpoint: string
    readonly credentials: TlsCredentials | undefined
    readonly observe?: ObserveRequest
  }
}

export const directRoute = ({ credentials }: Cluster): Route => ({
  to: (endpoint) => ({ endpoint, credentials }),
})

/** The same way, and the headers of all answers that come on it are observed. */
export function observedRoute(route: Route, observe: ObserveRequest): Route {
  return { to: (endpoint) => ({ ...route.to(endpoint), observe }) }
}
