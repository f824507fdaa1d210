import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { issueCluster } from '../pki/authority.ts'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { classify, definiteFailures } from './classify.ts'
import { execute } from './execute.ts'
import { prefixEnd } from './kv.ts'
import { connectMember } from './member-client.ts'
import { hexId, safeInteger } from './numbers.ts'
import { RequestError } from './request-error.ts'

const place = { member: 'm1', method: 'Put' }
const errorOf = (code: number, details: string) => new RequestError({ code, details }, place)
const put = { kind: 'put', key: 'k', value: 'v', memberIndex: 0 } as const

test('an error without proof of no effect leaves the outcome unknown', () => {
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

test('a closed port is a definite failure, long before the deadline', async () => {
  const server = await listen(() => {})
  const { endpoint } = server
  await server.close()
  const timeoutMs = 60_000
  const client = connectMember({ member: 'm1', endpoint, timeoutMs })
  onTestFinished(client.close)
  const startedMs = performance.now()
  const { type, error } = await execute(client, put)
  expect(type).toBe('fail')
  expect(error).toMatch(/^Put at m1: UNAVAILABLE: No connection established.*ECONNREFUSED/)
  expect(performance.now() - startedMs).toBeLessThan(timeoutMs / 4)
})

test('a server that accepts without answering leaves the outcome unknown at the deadline', async () => {
  const { endpoint } = await listen(() => {})
  const client = connectMember({ member: 'm1', endpoint, timeoutMs: 200 })
  onTestFinished(client.close)
  const startedMs = performance.now()
  const { type, error } = await execute(client, put)
  expect(type).toBe('info')
  expect(error).toMatch(/DEADLINE_EXCEEDED/)
  expect(performance.now() - startedMs).toBeLessThan(15_000)
})

test('a request after a timeout on a silent connection uses a new connection', async () => {
  let connections = 0
  const { endpoint } = await listen(() => connections++)
  const client = connectMember({ member: 'm1', endpoint, timeoutMs: 1_000 })
  onTestFinished(client.close)
  for (const expected of [1, 2, 3]) {
    await execute(client, put)
    expect(connections).toBe(expected)
  }
})

test('the client trusts a server only as the host of its endpoint', async () => {
  const pki = await issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const outcomeWith = async (sans: readonly string[]) => {
    const { certPem: cert, keyPem: key } = await pki.issue('server', { commonName: 'm1' }, sans)
    const server = createTlsServer({ cert, key, ALPNProtocols: ['h2'] })
    const { endpoint } = await listening(server)
    const credentials = { caPem: pki.caPem }
    const client = connectMember({
      member: 'm1',
      endpoint: endpoint.replace('http:', 'https:'),
      credentials,
      timeoutMs: 2_000,
    })
    onTestFinished(client.close)
    return execute(client, put)
  }
  const wrong = await outcomeWith(['localhost'])
  expect(wrong.type).toBe('fail')
  expect(wrong.error).toMatch(/No connection established.*IP: 127.0.0.1 is not in the cert's list/)
  expect((await outcomeWith(['127.0.0.1'])).error).toMatch(/DEADLINE_EXCEEDED/)
})

test('an https endpoint without a CA is an input error', () => {
  const connect = () =>
    connectMember({ member: 'm1', endpoint: 'https://127.0.0.1:1', timeoutMs: 1 })
  expect(connect).toThrow(InputError)
})

test('64-bit integers are exact or an error, and ids stay text', () => {
  expect(safeInteger('9007199254740991', 'revision')).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => safeInteger('9007199254740993', 'revision')).toThrow(
    /`revision` .* 9007199254740993/,
  )
  expect(hexId('8752851458164667348')).toBe('79786006cfaa33d4')
})

test('the end of a prefix has its last byte incremented', () => {
  expect(prefixEnd('/a')).toBe('/b')
  expect(prefixEnd('')).toBe('\0')
})

const listen = (onConnection: (socket: Socket) => void) => listening(createServer(onConnection))

async function listening(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
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
