import { status } from '@grpc/grpc-js'
import { EnvironmentError } from '../../core/errors.ts'
import { frameMessage, requestHeaders } from '../http2/call.ts'
import type { Channel } from '../http2/channel.ts'

/** One request beside the measurement. Throws an EnvironmentError for any answer but OK. */
export function requestOnce(
  channel: Channel,
  { path, message, timeoutMs }: { path: string; message: Buffer; timeoutMs: number },
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let answer: Buffer = Buffer.alloc(0)
  channel.send({
    headers: requestHeaders(channel.endpoint, path),
    body: frameMessage(message),
    deadlineMs: performance.now() + timeoutMs,
    onMessage: (received) => {
      answer = Buffer.from(received)
    },
    onEnd: ({ code, details }) => {
      if (code === status.OK) return resolve(answer)
      const found = `${status[code]}: ${details}`
      reject(
        new EnvironmentError(`Expected ${channel.endpoint.host} to answer ${path}, got ${found}`),
      )
    },
  })
  return promise
}
