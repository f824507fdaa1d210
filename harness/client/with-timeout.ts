import type { MemberClient } from './member-client.ts'

/** The same client, on its connections, which waits that long for an answer where no call says otherwise. */
export function withTimeout(client: MemberClient, timeoutMs: number): MemberClient {
  return {
    ...client,
    timeoutMs,
    withToken: (token) => client.withToken(token, timeoutMs),
    call: (service, method, request, options) =>
      client.call(service, method, request, { timeoutMs, ...options }),
  }
}
