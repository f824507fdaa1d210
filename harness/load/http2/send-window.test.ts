import { constants } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { call } from './testing/call.ts'
import { answerOk, answerStatus, channelTo, serve } from './testing/grpc-server.ts'

const ok = { code: status.OK, details: '' }
const several = (count: number) => Array.from({ length: count }, (_, index) => index)

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
