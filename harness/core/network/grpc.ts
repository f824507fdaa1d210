import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { DeadlineError } from '../errors.ts'
import type { TlsCredentials } from './tls-credentials.ts'

/** A connection to one gRPC server, opened with the first request and again after an error. */
export interface GrpcConnection {
  /**
   * One unary request, tried once; the message in protobuf, without a frame. Throws a DeadlineError
   * when it is not answered, and an Error with the server's own words for any status but OK.
   */
  call(path: string, message: Buffer, options: GrpcCallOptions): Promise<Buffer>
  close(): void
}

interface GrpcCallOptions {
  readonly timeoutMs: number
  /** A user's token, for a server with authentication. */
  readonly token?: string | undefined
}

/** `endpoint` is an http or https URL; the latter is verified against the CA and the host. */
export function openGrpc(endpoint: string, pem: TlsCredentials | undefined): GrpcConnection {
  let session: ClientHttp2Session | undefined
  const close = () => {
    session?.destroy()
    session = undefined
  }
  const open = () => {
    if (session !== undefined && !session.closed && !session.destroyed) return session
    const tls = pem && { ca: pem.caPem, cert: pem.certPem, key: pem.keyPem }
    const opened = connect(endpoint, { ...tls })
    // Each request reports its own failure; without a listener the session's would be uncaught.
    opened.on('error', () => opened.destroy())
    opened.unref()
    session = opened
    return opened
  }
  return {
    close,
    call: async (path, message, { timeoutMs, token }) => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      const stream = open().request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...(token !== undefined && { token }),
      })
      const timer = setTimeout(() => {
        stream.close(constants.NGHTTP2_CANCEL)
        // A connection that a fault has cut stays silent: the next request gets one of its own.
        session?.close()
        session = undefined
        reject(new DeadlineError(`Waited ${timeoutMs} ms for an answer of ${endpoint}${path}`))
      }, timeoutMs)
      const chunks: Buffer[] = []
      let status: GrpcStatus = {}
      const readStatus = (headers: GrpcStatus) => {
        if (headers['grpc-status'] !== undefined) status = headers
      }
      stream.on('response', readStatus)
      stream.on('trailers', readStatus)
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', reject)
      stream.on('close', () => {
        const code = status['grpc-status']
        if (code === '0') resolve(unframe(Buffer.concat(chunks)))
        else reject(new Error(`Expected an answer of ${endpoint}${path}, got ${format(status)}`))
      })
      stream.end(frame(message))
      return promise.finally(() => clearTimeout(timer))
    },
  }
}

interface GrpcStatus {
  readonly 'grpc-status'?: string
  readonly 'grpc-message'?: string
}

function format({ 'grpc-status': code, 'grpc-message': message }: GrpcStatus): string {
  return code === undefined ? 'no gRPC status' : `status ${code}: ${message ?? ''}`
}

const frameBytes = 5

/** A byte that says "not compressed", and the length. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(frameBytes)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

function unframe(bytes: Buffer): Buffer {
  return bytes.subarray(frameBytes)
}
