import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeadlineError } from '../errors.ts'
import { openGrpc } from './grpc.ts'

let server: Http2Server
let endpoint: string

/** A real HTTP/2 server that answers by the path of the request. */
function answer(stream: ServerHttp2Stream, path: string | undefined): void {
  if (path === '/silent') return
  if (path === '/reset') {
    stream.close(2)
    return
  }
  if (path === '/refused') {
    stream.respond({ 'grpc-status': '14', 'grpc-message': 'no leader' }, { endStream: true })
    return
  }
  stream.respond({ ':status': 200 }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.pipe(stream)
}

beforeAll(async () => {
  server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    answer(stream, headers[':path'])
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

test('a message goes out in a frame, and the answer comes back without', async () => {
  const grpc = openGrpc(endpoint, undefined)
  expect(await grpc.call('/echo', Buffer.from('abc'), { timeoutMs: 5_000 })).toEqual(
    Buffer.from('abc'),
  )
  expect(await grpc.call('/echo', Buffer.alloc(0), { timeoutMs: 5_000 })).toEqual(Buffer.alloc(0))
  grpc.close()
})

test('a status other than OK is an error in the server’s words, and the next request is served', async () => {
  const grpc = openGrpc(endpoint, undefined)
  await expect(grpc.call('/refused', Buffer.alloc(0), { timeoutMs: 5_000 })).rejects.toThrow(
    '14: no leader',
  )
  await expect(grpc.call('/reset', Buffer.alloc(0), { timeoutMs: 5_000 })).rejects.toThrow()
  expect(await grpc.call('/echo', Buffer.from('x'), { timeoutMs: 5_000 })).toEqual(Buffer.from('x'))
  grpc.close()
})

test('no answer is a deadline, on a connection that the next request does not use', async () => {
  const grpc = openGrpc(endpoint, undefined)
  await expect(grpc.call('/silent', Buffer.alloc(0), { timeoutMs: 50 })).rejects.toThrow(
    DeadlineError,
  )
  expect(await grpc.call('/echo', Buffer.from('x'), { timeoutMs: 5_000 })).toEqual(Buffer.from('x'))
  grpc.close()
})

test('a port that nobody serves is an error', async () => {
  const grpc = openGrpc('http://127.0.0.1:1', undefined)
  await expect(grpc.call('/echo', Buffer.alloc(0), { timeoutMs: 5_000 })).rejects.toThrow()
  grpc.close()
})
