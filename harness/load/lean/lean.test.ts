import type { ServerHttp2Stream } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { readProtobuf, writeProtobuf } from '../../core/network/protobuf.ts'
import { inChildProcess } from '../child-process.ts'
import type { Load } from '../generator.ts'
import { frameMessage } from '../http2/call.ts'
import { type AnswerStream, answerOk, answerStatus, serve } from '../http2/testing/grpc-server.ts'
import { sampleLoad as shortLoad } from '../testing/sample-load.ts'
import { leanGenerator } from './lean.ts'

/** With time enough for a busy machine. */
const sampleLoad = (load: Partial<Load>) => shortLoad({ timeoutMs: 20_000, ...load })

const targetsOf = ({ endpoint }: { readonly endpoint: string }) => [{ member: 'm1', endpoint }]

/** The fields of a request's message. */
const messageIn = (body: Buffer) => readProtobuf(body.subarray(5))

test.each([
  ['in this process', leanGenerator],
  ['in a child process', inChildProcess('lean')],
])('its count equals the server’s, %s', async (_where, generator) => {
  const server = await serve()
  const load = sampleLoad({ targets: targetsOf(server), clients: 4, connections: 2 })
  const measured = await generator.run(load)
  expect(measured).toMatchObject({ endedBy: 'time', operation: 'put', members: ['m1'] })
  expect(measured.errors).toEqual({})
  expect(measured.sent).toBe(server.bodies.length)
  expect(measured.acknowledged).toBe(measured.sent)
  expect(measured.revisions).toEqual({ atLeast: measured.sent, atMost: measured.sent })
  const keys = new Set(server.bodies.map((body) => String(messageIn(body).get(1))))
  expect(keys).toEqual(new Set(Array.from({ length: 10 }, (_, index) => `b000000${index}`)))
  expect(server.sessions).toHaveLength(2)
  expect(measured.latency.p50Ms).toBeGreaterThan(0)
})

test('errors count by kind, and those that certainly had no effect are counted apart', async () => {
  const server = await serve((stream, body, count) => {
    if (count % 10 === 1) answerStatus(stream, '8', 'etcdserver: too many requests')
    else if (count % 10 === 2) answerStatus(stream, '14', 'etcdserver: request timed out')
    else answerOk(stream, body, count)
  })
  const load = sampleLoad({ targets: targetsOf(server), mostRequests: 400, windowMs: 15_000 })
  const { errors, sent, acknowledged, refused, revisions } = await leanGenerator.run(load)
  expect(sent).toBe(server.bodies.length)
  const each = Math.ceil(sent / 10)
  expect(errors['RESOURCE_EXHAUSTED: etcdserver: too many requests']).toBe(refused)
  expect(Math.abs(refused - each)).toBeLessThan(2)
  expect(errors['UNAVAILABLE: etcdserver: request timed out']).toBe(sent - acknowledged - refused)
  expect(revisions).toEqual({ atLeast: acknowledged, atMost: sent - refused })
})

test('the run ends when no server is there, and nothing was sent', async () => {
  const load = sampleLoad({ targets: targetsOf({ endpoint: 'http://127.0.0.1:1' }), mostErrors: 5 })
  const measured = await leanGenerator.run(load)
  expect(measured).toMatchObject({ endedBy: 'errors', acknowledged: 0 })
  expect(measured.revisions).toEqual({ atLeast: 0, atMost: 0 })
  expect(Object.keys(measured.errors).join()).toContain('ECONNREFUSED')
})

test('in an open loop a stall is in the latencies of all requests that were due in it', async () => {
  const stallMs = 500
  let openMs = 0
  const server = await serve((stream, body, count) => {
    if (count === 100) openMs = performance.now() + stallMs
    setTimeout(() => answerOk(stream, body, count), Math.max(0, openMs - performance.now()))
  })
  const load = { targets: targetsOf(server), clients: 4, windowMs: 2_000, ratePerS: 200 }
  const open = await leanGenerator.run(sampleLoad(load))
  expect(open.notStarted).toBe(0)
  // Answers count by when they come, so that some cross either end of the window; a closed loop would
  // lose the hundred that were due in the stall.
  expect(Math.abs(open.inWindow - 400)).toBeLessThan(60)
  expect(Math.abs(open.writesPerS - 200)).toBeLessThan(30)
  // A quarter was due in it: a tenth of all waited for more than three fifths of it.
  expect(open.latency.p90Ms).toBeGreaterThan(stallMs * 0.55)
  expect(open.latency.p99Ms).toBeGreaterThan(stallMs * 0.9)
  expect(open.latency.maxMs).toBeGreaterThan(stallMs * 0.9)
})

const answerWith =
  (message: Buffer): AnswerStream =>
  (stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(frameMessage(message))
  }

test.each([
  ['txn', 1],
  ['range', 0],
  ['serializable-range', 0],
] as const)('%s creates %i revisions a request, besides what it reads', async (operation, each) => {
  const server = await serve(answerWith(writeProtobuf([[2, 1n]])))
  const load = sampleLoad({ targets: targetsOf(server), operation, mostRequests: 50 })
  const { acknowledged, revisions, sent } = await leanGenerator.run(load)
  const prepared = each === 0 ? load.keys : 0
  expect(revisions).toEqual({
    atLeast: prepared + each * acknowledged,
    atMost: prepared + each * acknowledged,
  })
  expect(server.bodies).toHaveLength(prepared + sent)
  const last = messageIn(server.bodies.at(-1) as Buffer)
  if (operation === 'txn') {
    const compare = readProtobuf(last.get(1)?.[0] as Buffer)
    const step = readProtobuf(last.get(2)?.[0] as Buffer)
    const put = readProtobuf(step.get(2)?.[0] as Buffer)
    expect(put.get(1)).toEqual(compare.get(3))
  } else expect(last.get(7)).toEqual(operation === 'range' ? undefined : [1n])
})

test('a watch load ends when the server ends the watches, and says which events did not arrive', async () => {
  const server = await serve()
  server.server.removeAllListeners('stream')
  let watch: ServerHttp2Stream | undefined
  server.server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    if (String(headers[':path']).endsWith('/Put')) {
      watch?.close()
      stream.resume().once('end', () => answerStatus(stream, '0'))
      return
    }
    watch = stream
    stream.respond({ ':status': 200 })
    stream.write(frameMessage(writeProtobuf([[3, 1n]])))
  })
  const order = { targets: targetsOf(server), operation: 'watch', clients: 1 } as const
  const measured = await leanGenerator.run(sampleLoad({ ...order, timeoutMs: 1_500 }))
  expect(measured).toMatchObject({ acknowledged: 0, endedBy: 'time' })
  expect(measured.errors).toMatchObject({ 'an event did not arrive': 1 })
  expect(measured.revisions.atLeast).toBeGreaterThan(0)
})

test('a server without the service is an error by its kind', async () => {
  const server = await serve((stream) => answerStatus(stream, String(status.UNIMPLEMENTED), 'none'))
  const load = sampleLoad({ targets: targetsOf(server), mostErrors: 10 })
  const { errors, refused, sent } = await leanGenerator.run(load)
  expect(errors).toEqual({ 'UNIMPLEMENTED: none': sent })
  expect(refused).toBe(sent)
})
