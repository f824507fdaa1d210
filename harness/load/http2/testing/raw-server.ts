import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { frameTypes, headBytes, writeHead } from '../frames.ts'

/** A server that sends what it likes; returns its endpoint. */
export async function serveRaw(
  onConnection: (socket: Socket, count: number) => void,
): Promise<string> {
  let count = 0
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    onConnection(socket, ++count)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function rawFrame(
  type: keyof typeof frameTypes,
  { flags = 0, stream = 0 }: { readonly flags?: number; readonly stream?: number },
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const frame = Buffer.alloc(headBytes + payload.length)
  writeHead(frame, 0, { type: frameTypes[type], flags, stream, length: payload.length })
  payload.copy(frame, headBytes)
  return frame
}

/** Greets, and answers the first bytes of a request with these. */
export function answerFirst(...frames: readonly Buffer[]): (socket: Socket) => void {
  return (socket) => onFirstRequest(socket, () => void socket.write(Buffer.concat(frames)))
}

/** Greets, and calls `answer` with the first bytes of a request. */
export function onFirstRequest(socket: Socket, answer: () => void): void {
  socket.write(rawFrame('settings', {}))
  let received = Buffer.alloc(0)
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    // The path of a request, which is its headers' only text with a slash and a capital.
    if (!received.includes('/test.Echo/Say')) return
    socket.off('data', onData)
    socket.resume()
    answer()
  }
  socket.on('data', onData)
}
