import { status } from '@grpc/grpc-js'
import { EnvironmentError } from '../../core/errors.ts'
import { type ProtobufFields, readProtobuf, writeProtobuf } from '../../core/network/protobuf.ts'
import type { MeasuredLoad } from '../generator.ts'
import { type CallEnd, frameMessage, requestHeaders, type Stream } from '../http2/call.ts'
import { keyAt } from '../keys.ts'
import { type Deliveries, openDeliveries } from './deliveries.ts'
import { requestMethods, requestSeries } from './requests.ts'
import { countFailure, type Run, runClients } from './run.ts'

const watchPath = '/etcdserverpb.Watch/Watch'

/**
 * Every client watches all keys of the run, and one more writes them. Counts events: each put's, at
 * each client, from when the put was due. In a closed loop the next put follows the last event; in an
 * open loop puts come at the rate. Returns the revisions of the puts.
 */
export async function runWatch(run: Run): Promise<MeasuredLoad['revisions']> {
  const deliveries = openDeliveries(run.tally, run.load.timeoutMs)
  const streams: Stream[] = []
  await runClients(run.load.clients, async (client) => {
    streams.push(await openWatch(run, { client, deliveries }))
  })
  const revisions = await writeInTurn(run, deliveries)
  await deliveries.settled()
  for (const stream of streams) stream.cancel()
  return revisions
}

/** Resolves when the server has created the watch. */
function openWatch(
  { load, channels, tally }: Run,
  { client, deliveries }: { readonly client: number; readonly deliveries: Deliveries },
): Promise<Stream> {
  const channel = channels.of(client)
  const { promise, resolve, reject } = Promise.withResolvers<Stream>()
  let stream: Stream | undefined
  let isCreated = false
  let isOver = false
  const onEnd = (end: CallEnd) => {
    // The stream ends after the message that cancels its watch.
    if (isOver) return
    isOver = true
    const found = `${status[end.code]}: ${end.details}`
    if (!isCreated) reject(new EnvironmentError(`Expected a watch, got ${found}`))
    else deliveries.leave()
    countFailure(tally, end, watchPath)
  }
  channel.send({
    headers: requestHeaders(channel.endpoint, watchPath),
    body: frameMessage(createRequest(load.keyPrefix)),
    isStreaming: true,
    deadlineMs: Number.POSITIVE_INFINITY,
    onSent: (opened) => {
      stream = opened
    },
    onMessage: (message) => {
      const response = readProtobuf(message)
      if (response.has(canceledField)) {
        onEnd({ code: status.CANCELLED, details: 'the server cancelled the watch' })
      } else if (response.has(createdField) && stream !== undefined) {
        isCreated = true
        deliveries.join()
        resolve(stream)
      }
      for (const key of keysIn(response)) deliveries.received(key)
    },
    onEnd,
  })
  return promise
}

const createdField = 3
const canceledField = 4
const eventsField = 11

/** From the prefix to the next one of its length. */
function createRequest(prefix: string): Buffer {
  const end = Buffer.from(prefix)
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1
  const create = writeProtobuf([
    [1, Buffer.from(prefix)],
    [2, end],
  ])
  return writeProtobuf([[1, create]])
}

function keysIn(response: ProtobufFields): string[] {
  const inner = (fields: ProtobufFields, field: number) => fields.get(field)?.[0] as Buffer
  return (response.get(eventsField) ?? []).map((event) => {
    const pair = readProtobuf(inner(readProtobuf(event as Buffer), 2))
    return inner(pair, 1).toString('latin1')
  })
}

/** Puts keys, each with a number of its own as long as there are any. */
function writeInTurn(run: Run, deliveries: Deliveries): Promise<MeasuredLoad['revisions']> {
  const { load, channels, tally, pacer } = run
  const channel = channels.of(0)
  const { path } = requestMethods.put
  const headers = requestHeaders(channel.endpoint, path)
  const series = requestSeries(requestMethods.put, 0, { ...load, clients: 1 })
  const { promise, resolve } = Promise.withResolvers<MeasuredLoad['revisions']>()
  const puts = { acknowledged: 0, unknown: 0, open: 0 }
  let isOver = false
  const endWhenAnswered = () => {
    if (!isOver || puts.open > 0) return
    resolve({ atLeast: puts.acknowledged, atMost: puts.acknowledged + puts.unknown })
  }
  const begin = (dueMs: number) => {
    isOver = !tally.goesOn(dueMs)
    if (isOver) return endWhenAnswered()
    puts.open++
    const { number, body } = series.next()
    const key = keyAt(number, load)
    const everywhere = deliveries.expect(key, dueMs)
    const next = () => pacer.next(begin)
    if (load.ratePerS === undefined) void everywhere.then(next)
    channel.send({
      headers,
      // An open loop sends the next one before this one's end.
      body: Buffer.from(body),
      deadlineMs: performance.now() + load.timeoutMs,
      onEnd: (end) => {
        puts.open--
        if (end.code === status.OK) puts.acknowledged++
        else {
          puts.unknown++
          deliveries.giveUp(key)
          countFailure(tally, end, path)
        }
        endWhenAnswered()
      },
    })
    if (load.ratePerS !== undefined) next()
  }
  pacer.next(begin)
  return promise
}
