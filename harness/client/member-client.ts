import { type ClientDuplexStream, type ClientReadableStream, Metadata } from '@grpc/grpc-js'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import { openChannel } from './channel.ts'
import { createConnection } from './connection.ts'
import { methodOf, type ServiceName } from './proto.ts'
import { RequestError } from './request-error.ts'

export interface ConnectOptions {
  readonly member: string
  /** Such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  readonly credentials?: TlsCredentials | undefined
  /** Deadline of each request, unless it brings its own. */
  readonly timeoutMs: number
  /** Token of a user, when basic auth is on. */
  readonly token?: string
}

export interface CallOptions {
  readonly timeoutMs?: number
}

/** Requests to one member. Nothing is retried and nothing goes to another member. */
export interface MemberClient {
  readonly member: string
  readonly endpoint: string
  readonly timeoutMs: number
  /** One request, tried once. Rejects with a RequestError, at the latest at its deadline. */
  call<Response>(
    service: ServiceName,
    method: string,
    request: object,
    options?: CallOptions,
  ): Promise<Response>
  /** A stream, without a deadline. */
  stream<Request, Response>(
    service: ServiceName,
    method: string,
  ): ClientDuplexStream<Request, Response>
  /** A request that is answered with a stream, without a deadline. */
  download<Response>(
    service: ServiceName,
    method: string,
    request: object,
  ): ClientReadableStream<Response>
  /** What a stream of this client threw, as a RequestError. */
  errorOf(thrown: unknown, method: string): RequestError
  close(): void
}

/**
 * A client of one member. It connects with the first request. TLS is verified against the CA and
 * the endpoint's host. Requests that time out on a connection that answered nothing meanwhile make
 * the next ones use a fresh connection: after a cut, TCP itself would wait for seconds too long.
 */
export function connectMember(options: ConnectOptions): MemberClient {
  const metadata = new Metadata()
  if (options.token !== undefined) metadata.set('token', options.token)
  const { member, endpoint, credentials, timeoutMs } = options
  const connection = createConnection(() => openChannel(endpoint, credentials), 2 * timeoutMs)
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
    errorOf: (thrown, method) =>
      thrown instanceof RequestError ? thrown : new RequestError(thrown, { member, method }),
    close: connection.close,
  }
}
