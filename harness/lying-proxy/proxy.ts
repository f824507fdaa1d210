import {
  type Client,
  type ClientDuplexStream,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { openChannel } from '../client/channel.ts'
import { methodOf, type ServiceName, serviceOf } from '../client/proto.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { IssuedPair } from '../pki/sign.ts'
import type { Exchange, Interceptor, Method, StreamEnds, StreamInterceptor } from './lie.ts'

export interface ProxyOptions {
  /** The member's endpoint, such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  /** The member's place in the cluster, from 0. */
  readonly member: number
  /** The proxy's credentials at the member; undefined without TLS. */
  readonly credentials: TlsCredentials | undefined
  /** The proxy's certificate for its clients, and the CA of theirs; undefined without TLS. */
  readonly server: { readonly pair: IssuedPair; readonly caPem: string } | undefined
  readonly interceptor: Interceptor
}

export interface MemberProxy extends AsyncDisposable {
  readonly endpoint: string
}

const services: readonly ServiceName[] = [
  'KV',
  'Watch',
  'Lease',
  'Cluster',
  'Maintenance',
  'Auth',
  'Lock',
  'Election',
]
const asIs = (bytes: Buffer) => bytes
const ownTimeoutMs = 5_000

/**
 * Starts a gRPC server on 127.0.0.1 that passes the bytes of every call to one member, and the
 * responses back, errors with their code and message included. The interceptor may replace both.
 */
export async function startProxy(options: ProxyOptions): Promise<MemberProxy> {
  const upstream = openChannel(options.endpoint, options.credentials)
  const server = new Server({ 'grpc.max_receive_message_length': -1 })
  for (const service of services) {
    server.addService(rawService(service), forwardTo(upstream, service, options))
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', serverCredentials(options.server), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  return {
    endpoint: `${options.server === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown()
      upstream.close()
    },
  }
}

function serverCredentials(server: ProxyOptions['server']): ServerCredentials {
  if (server === undefined) return ServerCredentials.createInsecure()
  const { certPem, keyPem } = server.pair
  const pair = { cert_chain: Buffer.from(certPem), private_key: Buffer.from(keyPem) }
  return ServerCredentials.createSsl(Buffer.from(server.caPem), [pair], true)
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
  upstream: Client,
  service: ServiceName,
  { interceptor, member }: ProxyOptions,
): UntypedServiceImplementation {
  const handlers = Object.entries(serviceOf(service)).map(([method, definition]) => {
    const { path, requestStream, responseStream } = definition
    const handler =
      requestStream || responseStream
        ? passStream(upstream, path, () => interceptor.stream?.({ service, method }) ?? {})
        : passUnary(upstream, { service, method, member }, interceptor)
    return [method, handler]
  })
  return Object.fromEntries(handlers)
}

function passUnary(
  upstream: Client,
  { service, method, member }: Method & { readonly member: number },
  interceptor: Interceptor,
) {
  const { path } = methodOf(service, method)
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    const { request, metadata } = call
    const token = metadata.get('token')[0]?.toString()
    const exchange: Exchange = {
      service,
      method,
      member,
      request,
      token,
      forward: (instead) => {
        const sent = metadata.clone()
        if (instead?.token !== undefined) sent.set('token', instead.token)
        const deadline = call.getDeadline()
        return send(upstream, {
          path,
          request: instead?.request ?? request,
          metadata: sent,
          deadline,
        })
      },
      ask: async (ownService, ownMethod, message) => {
        const own = methodOf<object, never>(ownService, ownMethod)
        const bytes = await send(upstream, {
          path: own.path,
          request: own.requestSerialize(message),
          metadata,
          deadline: Date.now() + ownTimeoutMs,
        })
        return own.responseDeserialize(bytes)
      },
    }
    const answered = interceptor.answer?.(exchange) ?? exchange.forward()
    answered.then(
      (bytes) => answer(null, bytes),
      (error) => answer(error),
    )
  }
}

function send(
  upstream: Client,
  call: {
    readonly path: string
    readonly request: Buffer
    readonly metadata: Metadata
    readonly deadline: Date | number
  },
): Promise<Buffer> {
  const { path, request, metadata, deadline } = call
  return new Promise((resolve, reject) => {
    upstream.makeUnaryRequest(path, asIs, asIs, request, metadata, { deadline }, (error, bytes) => {
      if (bytes !== undefined) resolve(bytes)
      else reject(error)
    })
  })
}

/** For every kind of stream: where only the server streams, the one request ends our side. */
function passStream(upstream: Client, path: string, open: () => StreamInterceptor) {
  return (call: ServerDuplexStream<Buffer, Buffer> & { readonly request?: Buffer }) => {
    const intercept = open()
    const up: ClientDuplexStream<Buffer, Buffer> = upstream.makeBidiStreamRequest(
      path,
      asIs,
      asIs,
      call.metadata,
    )
    const ends: StreamEnds = {
      toMember: (bytes) => void up.write(bytes),
      toClient: (bytes) => void call.write(bytes),
    }
    const pass = (bytes: Buffer) => {
      if (intercept.request) intercept.request(bytes, ends)
      else ends.toMember(bytes)
    }
    up.on('data', (bytes: Buffer) => {
      if (intercept.response) intercept.response(bytes, ends)
      else ends.toClient(bytes)
    })
    up.on('error', (error) => call.emit('error', error))
    up.on('end', () => call.end())
    call.on('cancelled', () => up.cancel())
    if (call.request !== undefined) {
      pass(call.request)
      up.end()
      return
    }
    call.on('data', pass)
    call.on('end', () => up.end())
  }
}
