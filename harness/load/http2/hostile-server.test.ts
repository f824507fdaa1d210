import type { Socket } from 'node:net'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { flagBits } from './frames.ts'
import { call, expectEnds } from './testing/call.ts'
import { channelTo, serve } from './testing/grpc-server.ts'
import { answerFirst, onFirstRequest, rawFrame, serveRaw } from './testing/raw-server.ts'

test('a server that never sends its settings is left, and the next call goes on', async () => {
  const real = await serve()
  const endpoint = await serveRaw((socket, count) => {
    if (count > 1) real.server.emit('connection', socket)
  })
  const channel = channelTo(endpoint, { timeoutMs: 1_000 })
  expect(await call(channel, 'x', { timeoutMs: 60_000 })).toMatchObject({ code: status.OK })
})

const headers = (payload: Buffer, flags = 0) => rawFrame('headers', { flags, stream: 1 }, payload)
const more = (payload: Buffer, stream = 1) => rawFrame('continuation', { stream }, payload)
/** A literal header without a name of its own in the table, `x: y`. */
const literal = Buffer.from([0, 1, 0x78, 1, 0x79])
const ok = headers(Buffer.from([0x88]), flagBits.endHeaders)
const length = (bytes: number) => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(bytes, 1)
  return rawFrame('data', { stream: 1 }, head)
}
/** An index of the static table, `:status: 200`, and the literal `grpc-status: 0`. */
const okTrailers = headers(
  Buffer.concat([Buffer.from([0x88, 0, 11]), Buffer.from('grpc-status'), Buffer.from([1, 0x30])]),
  flagBits.endHeaders | flagBits.endStream,
)
const flood = Array.from({ length: 80 }, () => more(Buffer.alloc(16_384)))
const empty = Array.from({ length: 40_000 }, () => more(Buffer.alloc(0)))

test.each([
  ['headers without an end', [headers(literal), ...flood], /headers of more than/],
  ['empty headers without an end', [headers(literal), ...empty], /headers of more than/],
  ['a frame within headers', [headers(literal), length(5)], /type 0 within headers/],
  ['headers within headers', [headers(literal), headers(literal)], /type 1 within headers/],
  ['another stream within headers', [headers(literal), more(literal, 3)], /type 9 within headers/],
  ['a continuation of nothing', [ok, more(literal)], /type 9 without headers/],
  ['a message that fills the memory', [ok, length(4e9)], /4000000005 bytes at once/],
])('a call ends, and says why, when the server sends %s', async (_what, frames, details) => {
  const endpoint = await serveRaw(answerFirst(...frames))
  const ended = await call(channelTo(endpoint))
  expect(ended).toMatchObject({ code: status.UNAVAILABLE, sent: 1 })
  expect(ended.details).toMatch(details)
})

test('settings that allow no frame are an error, and no stall', async () => {
  const noFrames = Buffer.from([0, 5, 0, 0, 0, 0])
  const endpoint = await serveRaw((socket) => {
    socket.resume()
    socket.write(rawFrame('settings', {}, noFrames))
  })
  await expectEnds(channelTo(endpoint), /frames of at most 0 bytes/)
})

test('an answer that its receiver cannot read ends the call, and not the process', async () => {
  const { endpoint } = await serve()
  const onMessage = () => {
    throw new RangeError('Expected a protobuf message, got wire type 7')
  }
  const { details } = await call(channelTo(endpoint), 'x', { onMessage })
  expect(details).toMatch(/unreadable answer: .*wire type 7/)
})

/** An answer whose headers and whose message are several frames. */
const split = [
  headers(Buffer.from([0x88, 0])),
  rawFrame(
    'continuation',
    { stream: 1, flags: flagBits.endHeaders },
    Buffer.from([1, 0x78, 1, 0x79]),
  ),
  ...['\0\0\0\0\x11hel', 'lo', ' hello', ' hello'].map((text) =>
    rawFrame('data', { stream: 1 }, Buffer.from(text)),
  ),
  okTrailers,
]
const pieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )

test.each([
  ['frame by frame', split],
  ['in pieces of seven bytes', pieces(Buffer.concat(split), 7)],
])('an answer that comes %s is read whole', async (_how, chunks) => {
  const endpoint = await serveRaw((socket) => {
    socket.setNoDelay(true)
    onFirstRequest(socket, async () => {
      for (const chunk of chunks) {
        socket.write(chunk)
        // A read of its own for each.
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    })
  })
  const ended = await call(channelTo(endpoint))
  expect(ended).toMatchObject({ code: status.OK, messages: [Buffer.from('hello hello hello')] })
})

test('a connection ends with its last call though the server never closes its side', async () => {
  const goaway = rawFrame('goaway', {}, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]))
  const windowUpdate = rawFrame('windowUpdate', {}, Buffer.from([0, 0, 0, 1]))
  let server: Socket | undefined
  const endpoint = await serveRaw((socket) => {
    server = socket
    answerFirst(goaway, okTrailers)(socket)
  })
  expect(await call(channelTo(endpoint))).toMatchObject({ code: status.OK })
  const writing = setInterval(() => server?.write(windowUpdate), 5)
  const { promise: refused, resolve } = Promise.withResolvers<void>()
  server?.once('close', resolve)
  await refused.finally(() => clearInterval(writing))
})
