import type { Cluster } from '../../cluster/types.ts'
import type { TlsCredentials } from '../../core/tls-credentials.ts'

/** How a drill's clients get to the members: straight, or by way of something in between. */
export interface Route {
  /** Where a client connects that wants the member at this endpoint. */
  to(endpoint: string): {
    readonly endpoint: string
    readonly credentials: TlsCredentials | undefined
  }
}

export const straight = ({ credentials }: Cluster): Route => ({
  to: (endpoint) => ({ endpoint, credentials }),
})
