import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type SecureServerOptions,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Channel, openHttp2Channel } from '../channel.ts'

/** A real HTTP/2 server, and what it saw. */
export interface GrpcServer {
  readonly endpoint: string
  readonly server: Http2Server
  readonly sessions: Http2Session[]
  /** The body of each request, complete. */
  readonly bodies: Buffer[]
}

/** How it answers a request that it has received whole. */
export type AnswerStream = (stream: ServerHttp2Stream, body: Buffer, count: number) => void

export const answerOk: AnswerStream = (stream) => answerStatus(stream, '0')

export function answerStatus(stream: ServerHttp2Stream, code: string, message = ''): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': code, 'grpc-message': message })
  })
  stream.end(Buffer.alloc(5))
}

export async function serve(
  answer: AnswerStream = answerOk,
  options: ServerOptions & SecureServerOptions = {},
): Promise<GrpcServer> {
  const isTls = options.cert !== undefined
  const server = isTls ? createSecureServer(options) : createServer(options)
  const seen = { sessions: [] as Http2Session[], bodies: [] as Buffer[] }
  server.on('session', (session) => {
    seen.sessions.push(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream) => {
    const chunks: Buffer[] = []
    stream.on('error', () => {})
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const body = Buffer.concat(chunks)
      seen.bodies.push(body)
      answer(stream, body, seen.bodies.length)
    })
  })
  onTestFinished(() => {
    for (const session of seen.sessions) session.destroy()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { endpoint: `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`, server, ...seen }
}

/** A channel that ticks until the test is over. */
export function channelTo(
  endpoint: string,
  options: Partial<Parameters<typeof openHttp2Channel>[0]> = {},
): Channel {
  const channel = openHttp2Channel({
    endpoint,
    credentials: () => undefined,
    timeoutMs: 5_000,
    ...options,
  })
  const ticking = setInterval(() => channel.tick(performance.now()), 5)
  onTestFinished(() => {
    clearInterval(ticking)
    channel[Symbol.dispose]()
  })
  return channel
}
