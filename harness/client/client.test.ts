import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { classify, definiteFailures } from './classify.ts'
import { execute } from './execute.ts'
import { prefixEnd } from './kv.ts'
import { connectMember } from './member-client.ts'
import { decimalId, hexId, safeInteger } from './numbers.ts'
import { RequestError } from './request-error.ts'

const place = { member: 'm1', method: 'Put' }
const errorOf = (code: number, details: string) => new RequestError({ code, details }, place)
const put = { kind: 'put', key: 'k', value: 'v', memberIndex: 0 } as const

test('an error that is not known to be definite leaves the outcome unknown', () => {
  for (let code = 1; code <= 16; code++) {
    const isListed = definiteFailures.some((row) => row.code === code && row.details === undefined)
    expect(classify(errorOf(code, 'anything'))).toBe(isListed ? 'fail' : 'info')
  }
  for (const thrown of [new Error('x'), undefined, 'text', { code: status.PERMISSION_DENIED }]) {
    expect(classify(thrown)).toBe('info')
  }
})

const unknown: readonly [code: number, details: string][] = [
  [status.RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded'],
  [status.RESOURCE_EXHAUSTED, 'Received message larger than max (5 vs 4)'],
  [status.UNAVAILABLE, 'etcdserver: request timed out'],
  [status.UNAVAILABLE, 'etcdserver: request timed out, possibly due to previous leader failure'],
  [status.UNAVAILABLE, 'etcdserver: leader changed'],
  [status.UNAVAILABLE, 'etcdserver: no leader'],
  [status.UNAVAILABLE, 'etcdserver: server stopped'],
  [status.UNAVAILABLE, 'Connection dropped'],
  [status.UNAVAILABLE, 'read ECONNRESET'],
  [status.DATA_LOSS, 'etcdserver: corrupt cluster'],
  [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 1.0s'],
  [status.CANCELLED, 'Call cancelled'],
  [status.INTERNAL, 'Received RST_STREAM with code 2'],
]
test.each(unknown)('after %i "%s" the request may have happened', (code, details) => {
  expect(classify(errorOf(code, details))).toBe('info')
})

const definite: readonly [code: number, details: string][] = [
  [status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1'],
  [status.INVALID_ARGUMENT, 'etcdserver: request is too large'],
  [status.INVALID_ARGUMENT, 'etcdserver: key is not provided'],
  [status.RESOURCE_EXHAUSTED, 'etcdserver: too many requests'],
  [status.PERMISSION_DENIED, 'etcdserver: permission denied'],
  [status.OUT_OF_RANGE, 'etcdserver: mvcc: required revision has been compacted'],
]
test.each(definite)('after %i "%s" the request certainly did not happen', (code, details) => {
  expect(classify(errorOf(code, details))).toBe('fail')
})

test('a port where nobody listens is a definite failure, told at once', async () => {
  const server = await listen(() => {})
  const { endpoint } = server
  await server.close()
  const client = connectMember({ member: 'm1', endpoint, timeoutMs: 5_000 })
  onTestFinished(client.close)
  const startedMs = performance.now()
  const { type, error } = await execute(client, put)
  expect(type).toBe('fail')
  expect(error).toMatch(/^Put at m1: UNAVAILABLE: No connection established.*ECONNREFUSED/)
  expect(performance.now() - startedMs).toBeLessThan(1_000)
})

test('a server that accepts and never answers leaves the outcome unknown at the deadline', async () => {
  const { endpoint } = await listen(() => {})
  const client = connectMember({ member: 'm1', endpoint, timeoutMs: 200 })
  onTestFinished(client.close)
  const startedMs = performance.now()
  const { type, error } = await execute(client, put)
  expect(type).toBe('info')
  expect(error).toMatch(/DEADLINE_EXCEEDED/)
  expect(performance.now() - startedMs).toBeLessThan(1_000)
})

test('after a request timed out on a silent connection the next one takes a fresh one', async () => {
  let connections = 0
  const { endpoint } = await listen(() => connections++)
  const client = connectMember({ member: 'm1', endpoint, timeoutMs: 100 })
  onTestFinished(client.close)
  for (const expected of [1, 2, 3]) {
    await execute(client, put)
    expect(connections).toBe(expected)
  }
})

test('an https endpoint without a CA to trust is refused', () => {
  const connect = () =>
    connectMember({ member: 'm1', endpoint: 'https://127.0.0.1:1', timeoutMs: 1 })
  expect(connect).toThrow(InputError)
})

test('64-bit integers are exact or refused, ids stay text', () => {
  expect(safeInteger('9007199254740991', 'revision')).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => safeInteger('9007199254740993', 'revision')).toThrow(
    /`revision` .* 9007199254740993/,
  )
  expect(hexId('8752851458164667348')).toBe('79786006cfaa33d4')
  expect(decimalId(hexId('8752851458164667348'))).toBe('8752851458164667348')
})

test('a prefix ends where its last byte is one more', () => {
  expect(prefixEnd('/a')).toBe('/b')
  expect(prefixEnd('')).toBe('\0')
})

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  return { endpoint: `http://127.0.0.1:${port}`, close }
}
