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
import type { IssuedPair } from '../pki/authority.ts'
import type { Interceptor } from './lie.ts'

export interface ProxyOptions {
  /** The member's, such as `https://127.0.0.1:20431`. */
  readonly endpoint: string
  /** What the proxy shows the member. */
  readonly credentials: TlsCredentials | undefined
  /** What it shows its clients, and the CA that theirs must come from. */
  readonly server: IssuedPair
  readonly caPem: string
  readonly liar: Interceptor
}

export interface MemberProxy extends AsyncDisposable {
  readonly endpoint: string
}

const services: readonly ServiceName[] = ['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth']
const asIs = (bytes: Buffer) => bytes

/**
 * A gRPC server on 127.0.0.1 that passes the bytes of every call on to one member and its answers
 * back, errors with their code and words included, except where the liar has it otherwise.
 */
export async function startProxy(options: ProxyOptions): Promise<MemberProxy> {
  const upstream = openChannel(options.endpoint, options.credentials)
  const server = new Server()
  for (const service of services) {
    server.addService(rawService(service), passingOn(service, upstream, options.liar))
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

/** The same methods, with messages as the bytes they are. */
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

function passingOn(
  service: ServiceName,
  upstream: Client,
  liar: Interceptor,
): UntypedServiceImplementation {
  const handlers = Object.entries(serviceOf(service)).map(([method, definition]) => {
    const { path, requestStream, responseStream } = definition
    if (!requestStream && !responseStream) return [method, unary(upstream, { method, path }, liar)]
    return [method, stream(upstream, path, liarOf(service, liar))]
  })
  return Object.fromEntries(handlers)
}

/** A stream is lied about only where the liar knows what it is of. */
function liarOf(service: ServiceName, { watch, keepAlive }: Interceptor): Interceptor {
  if (service === 'Watch') return watch ? { watch } : {}
  return service === 'Lease' && keepAlive ? { keepAlive } : {}
}

function unary(
  upstream: Client,
  { method, path }: { method: string; path: string },
  liar: Interceptor,
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
    const answered = liar.answer?.({ method, request, forward }) ?? forward()
    answered.then(
      (bytes) => answer(null, bytes),
      (error) => answer(error),
    )
  }
}

/** Works for every kind of stream: one that only answers is asked once and then hung up on. */
function stream(upstream: Client, path: string, liar: Interceptor) {
  return (call: ServerDuplexStream<Buffer, Buffer> & { readonly request?: Buffer }) => {
    const up: ClientDuplexStream<Buffer, Buffer> = upstream.makeBidiStreamRequest(
      path,
      asIs,
      asIs,
      call.metadata,
    )
    const tell = (bytes: Buffer) => void call.write(bytes)
    up.on('data', (bytes: Buffer) => {
      if (liar.watch) liar.watch(bytes, tell)
      else tell(bytes)
    })
    up.on('error', (error) => call.emit('error', error))
    up.on('end', () => call.end())
    call.on('cancelled', () => up.cancel())
    if (call.request !== undefined) {
      up.end(call.request)
      return
    }
    call.on('data', (bytes: Buffer) => {
      const answer = liar.keepAlive?.(bytes)
      if (answer === undefined) up.write(bytes)
      else tell(answer)
    })
    call.on('end', () => up.end())
  }
}
