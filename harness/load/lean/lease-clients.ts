import { status } from '@grpc/grpc-js'
import { readProtobuf, writeProtobuf } from '../../core/network/protobuf.ts'
import { type Call, frameMessage, requestHeaders, type Stream } from '../http2/call.ts'
import { countFailure, type Run, runClients } from './run.ts'
import { requestOnce } from './unary.ts'

const grantPath = '/etcdserverpb.Lease/LeaseGrant'
const keepalivePath = '/etcdserverpb.Lease/LeaseKeepAlive'
const revokePath = '/etcdserverpb.Lease/LeaseRevoke'

/** Longer than a run stalls; a killed run's leases end by themselves. */
const ttlS = 60n

/** Each client keeps a lease of its own alive, over one stream. The leases are revoked at the end. */
export async function runLeaseKeepalives(run: Run): Promise<void> {
  await runClients(run.load.clients, async (client) => {
    const request = { timeoutMs: run.load.timeoutMs, message: writeProtobuf([[1, ttlS]]) }
    const channel = run.channels.of(client)
    const granted = await requestOnce(channel, { ...request, path: grantPath })
    const id = idIn(granted)
    await keepInTurn(run, client, id)
    const revoke = { ...request, path: revokePath, message: writeProtobuf([[1, id]]) }
    // A lease that cannot be revoked now ends by its TTL.
    await requestOnce(channel, revoke).catch(() => undefined)
  })
}

const idIn = (answer: Buffer): bigint => readProtobuf(answer).get(2)?.[0] as bigint

const expired = { code: status.NOT_FOUND, details: 'the lease has expired' }

function keepInTurn(
  { load, channels, tally, pacer }: Run,
  client: number,
  id: bigint,
): Promise<void> {
  const channel = channels.of(client)
  const headers = requestHeaders(channel.endpoint, keepalivePath)
  const body = frameMessage(writeProtobuf([[1, id]]))
  const { promise, resolve } = Promise.withResolvers<void>()
  let stream: Stream | undefined
  let dueMs = 0
  let deadlineMs = Number.POSITIVE_INFINITY
  const call: Call = {
    headers,
    body,
    isStreaming: true,
    // Of the keepalive that is open: the stream itself may take any time.
    get deadlineMs() {
      return deadlineMs
    },
    onSent: (opened) => {
      stream = opened
    },
    onMessage: (answer) => {
      deadlineMs = Number.POSITIVE_INFINITY
      const ttl = readProtobuf(answer).get(3)?.[0] ?? 0n
      if (ttl === 0n) countFailure(tally, expired, keepalivePath)
      else tally.acknowledged(client, performance.now() - dueMs)
      pacer.next(begin)
    },
    onEnd: (end) => {
      stream = undefined
      countFailure(tally, end, keepalivePath)
      pacer.next(begin)
    },
  }
  const begin = (startMs: number) => {
    if (!tally.goesOn(startMs)) {
      stream?.cancel()
      resolve()
      return
    }
    dueMs = startMs
    deadlineMs = performance.now() + load.timeoutMs
    if (stream === undefined) channel.send(call)
    else stream.send(body)
  }
  pacer.next(begin)
  return promise
}
