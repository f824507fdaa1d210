import type { Cluster } from '../../cluster/types.ts'
import type { TlsCredentials } from '../../core/tls-credentials.ts'

/** How a drill's clients reach the members: directly or through a proxy. */
export interface Route {
  /** Where a client of the member at this endpoint connects. */
  to(endpoint: string): {
    readonly endpoint: string
    readonly credentials: TlsCredentials | undefined
  }
}

export const directRoute = ({ credentials }: Cluster): Route => ({
  to: (endpoint) => ({ endpoint, credentials }),
})
