import { once } from 'node:events'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { call, expectEnds } from './testing/call.ts'
import { answerOk, channelTo, serve } from './testing/grpc-server.ts'

const ok = { code: status.OK, details: '' }
const several = (count: number) => Array.from({ length: count }, (_, index) => index)

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
  const late = call(channel, 'late', { timeoutMs: 1_000 })
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
    call(channel, 'open', { timeoutMs: 2_000 }),
    call(channel, 'waiting', { timeoutMs: 1_000 }),
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
  const channel = channelTo(`http://127.0.0.1:${port}`)
  await expectEnds(channel, /FRAME_SIZE_ERROR/)
})
