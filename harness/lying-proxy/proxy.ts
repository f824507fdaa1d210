import {
  type Client,
  type ClientDuplexStream,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { openChannel } from '../client/channel.ts'
import { type ServiceName, serviceOf } from '../client/proto.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { IssuedPair } from '../pki/sign.ts'
import type { Interceptor } from './lie.ts'

export interface ProxyOptions {
  /** The member's endpoint, such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  /** The proxy's credentials at the member. */
  readonly credentials: TlsCredentials | undefined
  /** The proxy's certificate for its clients, and the CA of the clients' certificates. */
  readonly server: IssuedPair
  readonly caPem: string
  readonly interceptor: Interceptor
}

export interface MemberProxy extends AsyncDisposable {
  readonly endpoint: string
}

const services: readonly ServiceName[] = ['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth']
const asIs = (bytes: Buffer) => bytes

/**
 * Starts a gRPC server on 127.0.0.1 that passes the bytes of every call to one member, and the
 * responses back, errors with their code and message included. The interceptor may replace responses.
 */
export async function startProxy(options: ProxyOptions): Promise<MemberProxy> {
  const upstream = openChannel(options.endpoint, options.credentials)
  const server = new Server()
  for (const service of services) {
    server.addService(rawService(service), forwardTo(service, upstream, options.interceptor))
  }
  const { certPem, keyPem } = options.server
  const pair = { cert_chain: Buffer.from(certPem), private_key: Buffer.from(keyPem) }
  const secure = ServerCredentials.createSsl(Buffer.from(options.caPem), [pair], true)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', secure, (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  return {
    endpoint: `https://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown()
      upstream.close()
    },
  }
}

/** The same methods, with messages as plain bytes. */
function rawService(service: ServiceName): ServiceDefinition {
  const methods = Object.entries(serviceOf(service)).map(([name, definition]) => {
    const raw = {
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    }
    return [name, { ...definition, ...raw }] as const
  })
  return Object.fromEntries(methods)
}

function forwardTo(
  service: ServiceName,
  upstream: Client,
  interceptor: Interceptor,
): UntypedServiceImplementation {
  const handlers = Object.entries(serviceOf(service)).map(([method, definition]) => {
    const { path, requestStream, responseStream } = definition
    if (!requestStream && !responseStream)
      return [method, unary(upstream, { method, path }, interceptor)]
    return [method, stream(upstream, path, interceptorOf(service, interceptor))]
  })
  return Object.fromEntries(handlers)
}

/** Streams of watches and of lease renewals are intercepted, each by its own part; others are not. */
function interceptorOf(service: ServiceName, { watch, keepAlive }: Interceptor): Interceptor {
  if (service === 'Watch') return watch ? { watch } : {}
  return service === 'Lease' && keepAlive ? { keepAlive } : {}
}

function unary(
  upstream: Client,
  { method, path }: { method: string; path: string },
  interceptor: Interceptor,
) {
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    const { request, metadata } = call
    const forward = () =>
      new Promise<Buffer>((resolve, reject) => {
        const options = { deadline: call.getDeadline() }
        upstream.makeUnaryRequest(path, asIs, asIs, request, metadata, options, (error, bytes) => {
          if (bytes !== undefined) resolve(bytes)
          else reject(error)
        })
      })
    const answered = interceptor.answer?.({ method, request, forward }) ?? forward()
    answered.then(
      (bytes) => answer(null, bytes),
      (error) => answer(error),
    )
  }
}

/** For every kind of stream: where only the server streams, the one request ends our side. */
function stream(upstream: Client, path: string, interceptor: Interceptor) {
  return (call: ServerDuplexStream<Buffer, Buffer> & { readonly request?: Buffer }) => {
    const up: ClientDuplexStream<Buffer, Buffer> = upstream.makeBidiStreamRequest(
      path,
      asIs,
      asIs,
      call.metadata,
    )
    const send = (bytes: Buffer) => void call.write(bytes)
    up.on('data', (bytes: Buffer) => {
      if (interceptor.watch) interceptor.watch(bytes, send)
      else send(bytes)
    })
    up.on('error', (error) => call.emit('error', error))
    up.on('end', () => call.end())
    call.on('cancelled', () => up.cancel())
    if (call.request !== undefined) {
      up.end(call.request)
      return
    }
    call.on('data', (bytes: Buffer) => {
      const answer = interceptor.keepAlive?.(bytes)
      if (answer === undefined) up.write(bytes)
      else send(answer)
    })
    call.on('end', () => up.end())
  }
}
