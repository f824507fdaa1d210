import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { highestStream } from './frames.ts'
import { call } from './testing/call.ts'
import { answerStatus, channelTo, serve } from './testing/grpc-server.ts'

const ok = { code: status.OK, details: '' }
const several = (count: number) => Array.from({ length: count }, (_, index) => index)

test('the server receives each request once, and each call receives its answer', async () => {
  const echo = await serve((stream, body) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(body)
  })
  const channel = channelTo(echo.endpoint)
  const ended = await Promise.all(several(200).map((index) => call(channel, `message ${index}`)))
  expect(ended.map(({ messages }) => messages.join())).toEqual(
    several(200).map((index) => `message ${index}`),
  )
  expect(ended.every(({ code, sent }) => code === status.OK && sent === 1)).toBe(true)
  expect(echo.bodies).toHaveLength(200)
  expect(echo.sessions).toHaveLength(1)
})

test('a call ends with the code and the text of the server, decoded', async () => {
  const { endpoint } = await serve((stream) => answerStatus(stream, '8', 'no %E2%82%AC%25 left'))
  expect(await call(channelTo(endpoint))).toMatchObject({ code: 8, details: 'no €% left' })
})

test('an answer of headers alone ends a call', async () => {
  const { endpoint } = await serve((stream) =>
    stream.respond(
      { ':status': 200, 'grpc-status': '14', 'grpc-message': 'x' },
      { endStream: true },
    ),
  )
  expect(await call(channelTo(endpoint))).toMatchObject({ code: 14, details: 'x' })
})

test('an answer without a status is unknown', async () => {
  const { endpoint } = await serve((stream, _body, count) => {
    stream.respond({ ':status': count === 1 ? 200 : 503 }, { endStream: count > 1 })
    if (count === 1) stream.end()
  })
  const channel = channelTo(endpoint)
  const unknown = { code: status.UNKNOWN }
  expect(await call(channel)).toMatchObject({ ...unknown, details: /without a status/ })
  expect(await call(channel)).toMatchObject({ ...unknown, details: 'HTTP status 503' })
})

test.each(['', ' ', 'x', '0x0'])('a status that is no number, `%s`, is unknown', async (code) => {
  const { endpoint } = await serve((stream) => answerStatus(stream, code))
  expect(await call(channelTo(endpoint))).toMatchObject({ code: status.UNKNOWN })
})

test('when the numbers of streams are used up, calls go on over a new connection', async () => {
  const { endpoint, sessions, bodies } = await serve()
  const channel = channelTo(endpoint, { firstStream: highestStream - 8 })
  const ended = await Promise.all(several(12).map(() => call(channel)))
  expect(ended).toEqual(several(12).map(() => ({ ...ok, messages: [Buffer.alloc(0)], sent: 1 })))
  expect(bodies).toHaveLength(12)
  expect(sessions).toHaveLength(3)
})

test('a stream that stays open receives as much as the server sends, and may be cancelled', async () => {
  const { endpoint } = await serve()
  const watch = await serve()
  watch.server.removeAllListeners('stream')
  let closed = false
  watch.server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.once('close', () => {
      closed = true
    })
    stream.respond({ ':status': 200 })
    const message = Buffer.alloc(1_000_005)
    message.writeUInt32BE(1_000_000, 1)
    stream.on('data', () => {
      for (let turn = 0; turn < 10; turn++) stream.write(message)
    })
  })
  const channel = channelTo(watch.endpoint)
  let handle: { cancel(): void; send(body: Buffer): void } | undefined
  let received = 0
  const { promise: whole, resolve } = Promise.withResolvers<void>()
  void call(channel, 'begin', {
    isStreaming: true,
    timeoutMs: 10_000,
    onSent: (stream) => {
      handle = stream
    },
    onMessage: () => {
      received++
      if (received === 10) handle?.send(Buffer.alloc(5))
      if (received === 20) resolve()
    },
  })
  await whole
  handle?.cancel()
  expect(await call(channelTo(endpoint))).toMatchObject(ok)
  await expect.poll(() => closed).toBe(true)
})
