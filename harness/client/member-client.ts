import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
} from '@grpc/grpc-js'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { ObserveRequest } from '../history/logs/header-recorder.ts'
import { openChannel } from './channel.ts'
import { createConnection } from './connection.ts'
import { type Login, tokenInterceptor } from './login.ts'
import { observedMethods } from './observed-methods.ts'
import type { ServiceName } from './proto.ts'
import { RequestError } from './request-error.ts'

/** Which member a client connects to, and as whom. */
export interface ConnectOptions {
  /** The member's name, for errors and the history. */
  readonly member: string
  /** Such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  readonly credentials?: TlsCredentials | undefined
  /** Default deadline of a request. */
  readonly timeoutMs: number
  /** A user's token, for a cluster with authentication. */
  readonly token?: string
  /** Receives the header of every answer. */
  readonly observe?: ObserveRequest | undefined
  /** A user that logs in with the first request, and again when etcd no longer knows its token. */
  readonly login?: Login | undefined
}

/** What differs from the client's own settings for one request. */
export interface CallOptions {
  readonly timeoutMs?: number
}

/** Sends requests to one member, without retries. */
export interface MemberClient {
  readonly member: string
  readonly endpoint: string
  readonly timeoutMs: number
  /** Tries one request once. Rejects with a RequestError, at its deadline at the latest. */
  call<Response>(
    service: ServiceName,
    method: string,
    request: object,
    options?: CallOptions,
  ): Promise<Response>
  /** Opens a stream in both directions, without a deadline. */
  stream<Request, Response>(
    service: ServiceName,
    method: string,
  ): ClientDuplexStream<Request, Response>
  /** Sends a request whose answer is a stream, without a deadline. */
  download<Response>(
    service: ServiceName,
    method: string,
    request: object,
  ): ClientReadableStream<Response>
  /** A client of the same member on the same way, which acts as the token's user. */
  withToken(token: string, timeoutMs?: number): MemberClient
  /** An error of this client's stream as a RequestError. */
  errorOf(thrown: unknown, method: string): RequestError
  /** Closes its connections; requests that are open reject. */
  close(): void
}

/**
 * A client of one member. It connects with the first request. TLS is verified against the CA and
 * the endpoint's host. A request that times out while its connection answers no other makes the next
 * ones use a new connection: after a cut, TCP alone would wait for seconds too long.
 */
export function connectMember(options: ConnectOptions): MemberClient {
  const metadata = new Metadata()
  if (options.token !== undefined) metadata.set('token', options.token)
  const { member, endpoint, timeoutMs } = options
  const connection = createConnection(() => openLoggedIn(options), 2 * timeoutMs)
  const methodOf = observedMethods(options)
  return {
    member,
    endpoint,
    timeoutMs,
    call: <Response>(service: ServiceName, method: string, request: object, call?: CallOptions) =>
      new Promise<Response>((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = methodOf<object, Response>(
          service,
          method,
        )
        const used = connection.current()
        const deadline = Date.now() + (call?.timeoutMs ?? timeoutMs)
        used.channel.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline },
          (error, response) => {
            connection.ended(used, error?.code, () => {
              if (error === null && response !== undefined) resolve(response)
              else reject(new RequestError(error, { member, method }))
            })
          },
        )
      }),
    stream: <Request, Response>(service: ServiceName, method: string) => {
      const { path, requestSerialize, responseDeserialize } = methodOf<Request, Response>(
        service,
        method,
      )
      const { channel } = connection.current()
      return channel.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata)
    },
    download: <Response>(service: ServiceName, method: string, request: object) => {
      const { path, requestSerialize, responseDeserialize } = methodOf<object, Response>(
        service,
        method,
      )
      const { channel } = connection.current()
      return channel.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
      )
    },
    withToken: (other, otherTimeoutMs = timeoutMs) =>
      connectMember({ ...options, token: other, timeoutMs: otherTimeoutMs }),
    errorOf: (thrown, method) =>
      thrown instanceof RequestError ? thrown : new RequestError(thrown, { member, method }),
    close: connection.close,
  }
}

function openLoggedIn({ endpoint, credentials, login, timeoutMs }: ConnectOptions): Client {
  if (login === undefined) return openChannel(endpoint, credentials)
  const channel: Client = openChannel(endpoint, credentials, [
    tokenInterceptor(login, { endpoint, channel: () => channel, timeoutMs }),
  ])
  return channel
}
