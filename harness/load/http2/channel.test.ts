import { once } from 'node:events'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { highestStream } from './frames.ts'
import { call } from './testing/call.ts'
import { answerOk, answerStatus, channelTo, serve } from './testing/grpc-server.ts'

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

test('a large request leaves in the server’s windows and frames', async () => {
  const { endpoint, bodies } = await serve(answerOk, { settings: { initialWindowSize: 1_000 } })
  const large = Buffer.alloc(1_000_000, 'x')
  const channel = channelTo(endpoint)
  const ended = await Promise.all([call(channel, large), call(channel), call(channel, large)])
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(bodies.map(({ length }) => length).sort()).toEqual([10, 1_000_005, 1_000_005])
})

test('a window that shrinks below zero opens again', async () => {
  const { endpoint, sessions, bodies } = await serve()
  const channel = channelTo(endpoint)
  await call(channel)
  sessions[0]?.settings({ initialWindowSize: 10 })
  const large = Buffer.alloc(300_000, 'x')
  const calls = several(5).map(() => call(channel, large))
  sessions[0]?.settings({ initialWindowSize: 100_000 })
  expect((await Promise.all(calls)).every(({ code }) => code === 0)).toBe(true)
  expect(bodies).toHaveLength(6)
})

test('a large answer arrives whole, over a connection that goes on', async () => {
  const large = Buffer.alloc(40_000_000, 'y')
  const { endpoint } = await serve((stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    const head = Buffer.alloc(5)
    head.writeUInt32BE(large.length, 1)
    stream.write(head)
    stream.end(large)
  })
  const channel = channelTo(endpoint)
  for (let turn = 0; turn < 2; turn++) {
    const { messages, code } = await call(channel, 'more')
    expect([code, messages.length, messages[0]?.equals(large)]).toEqual([0, 1, true])
  }
})

test('no more streams are open than the server allows, also when it changes its mind', async () => {
  let open = 0
  let most = 0
  const { endpoint, sessions, bodies } = await serve(
    (stream) => {
      most = Math.max(most, ++open)
      stream.once('close', () => open--)
      setImmediate(() => answerStatus(stream, '0'))
    },
    { settings: { maxConcurrentStreams: 3 } },
  )
  const channel = channelTo(endpoint)
  const first = several(20).map(() => call(channel))
  expect((await Promise.all(first)).every(({ code, sent }) => code === 0 && sent === 1)).toBe(true)
  expect(most).toBe(3)
  sessions[0]?.settings({ maxConcurrentStreams: 1 })
  await call(channel)
  most = 0
  await Promise.all(several(20).map(() => call(channel)))
  expect([most, bodies.length]).toEqual([1, 41])
})

test('calls go on when the server changes the size of its header table', async () => {
  const { endpoint, sessions, bodies } = await serve()
  const channel = channelTo(endpoint)
  for (const headerTableSize of [4_096, 0, 100, 300, 4_096]) {
    expect(await call(channel)).toMatchObject(ok)
    sessions[0]?.settings({ headerTableSize })
    expect(await call(channel)).toMatchObject(ok)
    expect(await call(channel)).toMatchObject(ok)
  }
  expect([bodies.length, sessions.length]).toEqual([15, 1])
})

test('a ping of the server is answered', async () => {
  const { endpoint, sessions } = await serve()
  const channel = channelTo(endpoint)
  await call(channel)
  const payload = Buffer.from('12345678')
  const echoed = new Promise((resolve, reject) => {
    sessions[0]?.ping(payload, (error, _ms, back) => (error ? reject(error) : resolve(back)))
  })
  expect(await echoed).toEqual(payload)
})

test('padding and long headers are read', async () => {
  const long = 'z'.repeat(50_000)
  const { endpoint } = await serve(
    (stream) => {
      stream.respond({ ':status': 200, 'x-long': long }, { waitForTrailers: true })
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': '5', 'grpc-message': long })
      })
      stream.end(Buffer.from('\0\0\0\0\x03abc', 'latin1'))
    },
    { paddingStrategy: constants.PADDING_STRATEGY_MAX, maxSendHeaderBlockLength: 200_000 },
  )
  const { code, details, messages } = await call(channelTo(endpoint))
  expect([code, details.length, messages.join()]).toEqual([5, 50_000, 'abc'])
})

test('a stream that the server resets ends its call alone', async () => {
  const { endpoint, sessions } = await serve((stream, _body, count) => {
    if (count % 2 === 1) answerOk(stream, _body, count)
    else stream.close(count === 2 ? constants.NGHTTP2_INTERNAL_ERROR : constants.NGHTTP2_CANCEL)
  })
  const channel = channelTo(endpoint)
  expect(await call(channel)).toMatchObject(ok)
  expect(await call(channel)).toMatchObject({ code: status.INTERNAL, details: /INTERNAL_ERROR/ })
  expect(await call(channel)).toMatchObject(ok)
  expect(await call(channel)).toMatchObject({ code: status.CANCELLED })
  expect(sessions).toHaveLength(1)
})

test('after GOAWAY the open calls end, and new ones go over a new connection, each once', async () => {
  const { endpoint, sessions, bodies } = await serve((stream, body, count) => {
    if (count === 20) sessions[0]?.close()
    setTimeout(() => answerOk(stream, body, count), 20)
  })
  const channel = channelTo(endpoint)
  const ended = several(60).map(async (index) => {
    await call(channel, `a${index}`)
    return call(channel, `b${index}`)
  })
  expect((await Promise.all(ended)).every(({ code }) => code === 0)).toBe(true)
  const seen = bodies.map((body) => body.toString('utf8', 5))
  expect(seen.toSorted()).toEqual(
    several(60)
      .flatMap((i) => [`a${i}`, `b${i}`])
      .toSorted(),
  )
  expect(sessions.length).toBeGreaterThan(1)
})

test('calls above the last stream that the server handles are sent again, the others are not', async () => {
  const seen: number[] = []
  const { endpoint, sessions } = await serve((stream, body, count) => {
    if (sessions.length > 1) return answerOk(stream, body, count)
    seen.push(stream.id ?? 0)
    if (count < 3) return
    sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, 3)
    setTimeout(() => sessions[0]?.destroy(), 20)
  })
  const channel = channelTo(endpoint)
  const ended = await Promise.all(several(3).map((index) => call(channel, `${index}`)))
  expect(seen).toEqual([1, 3, 5])
  expect(ended.map(({ code, sent }) => [code === status.OK, sent])).toEqual([
    [false, 1],
    [false, 1],
    [true, 2],
  ])
})

test('a call on its way when the connection breaks is unknown, and the next one goes on', async () => {
  const { endpoint, sessions } = await serve((stream, body, count) => {
    if (count === 1) sessions[0]?.destroy()
    else answerOk(stream, body, count)
  })
  const channel = channelTo(endpoint)
  const lost = { code: status.UNAVAILABLE, details: /^Connection dropped/, sent: 1 }
  expect(await call(channel)).toMatchObject(lost)
  expect(await call(channel)).toMatchObject(ok)
})

test('the server’s complaint is in the error', async () => {
  const { endpoint, sessions } = await serve(() => {
    const why = Buffer.from('too_many_pings')
    sessions[0]?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 1, why)
    setTimeout(() => sessions[0]?.destroy(), 20)
  })
  const { details } = await call(channelTo(endpoint))
  expect(details).toBe('Connection dropped: GOAWAY with ENHANCE_YOUR_CALM: too_many_pings')
})

test('a call that passes its deadline is cancelled at the server, and others go on', async () => {
  const resets: number[] = []
  const { endpoint, sessions } = await serve((stream, body, count) => {
    stream.once('close', () => resets.push(stream.rstCode))
    if (count > 1) answerOk(stream, body, count)
  })
  const channel = channelTo(endpoint)
  const late = call(channel, 'late', { timeoutMs: 100 })
  expect(await call(channel)).toMatchObject(ok)
  expect(await late).toMatchObject({ code: status.DEADLINE_EXCEEDED, sent: 1 })
  expect(await call(channel)).toMatchObject(ok)
  expect(resets).toContain(constants.NGHTTP2_CANCEL)
  expect(sessions).toHaveLength(1)
})

test('a call that the server has no stream for until its deadline was never sent', async () => {
  const { endpoint } = await serve(() => {}, { settings: { maxConcurrentStreams: 1 } })
  const channel = channelTo(endpoint)
  const [open, waiting] = await Promise.all([
    call(channel, 'open', { timeoutMs: 200 }),
    call(channel, 'waiting', { timeoutMs: 100 }),
  ])
  expect(open).toMatchObject({ code: status.DEADLINE_EXCEEDED, sent: 1 })
  expect(waiting).toMatchObject({ details: /^No connection established.*deadline/, sent: 0 })
})

test('a silent server is left after the deadline', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const { endpoint } = await serve()
  const channel = channelTo(`http://127.0.0.1:${port}`, { timeoutMs: 100 })
  expect(await call(channel, 'x', { timeoutMs: 200 })).toMatchObject({ sent: 0 })
  expect(await call(channelTo(endpoint))).toMatchObject(ok)
})

test('a call to a closed port was never sent', async () => {
  const { code, details, sent } = await call(channelTo('http://127.0.0.1:1'))
  expect([code, sent]).toEqual([status.UNAVAILABLE, 0])
  expect(details).toMatch(/^No connection established.*ECONNREFUSED/)
})

test('what is no HTTP/2 ends the connection, and says why', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ended = await call(channelTo(`http://127.0.0.1:${port}`), 'x', { timeoutMs: 300 })
  expect(ended).toMatchObject({ sent: 0, details: /FRAME_SIZE_ERROR/ })
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
