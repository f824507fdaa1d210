import { status } from '@grpc/grpc-js'
import { type Call, requestHeaders } from '../http2/call.ts'
import type { Header } from '../http2/header-table.ts'
import { type RequestMethod, requestSeries } from './requests.ts'
import { countFailure, type Run, runClients } from './run.ts'

/** Each client sends one request after the other, or in an open loop as they are due. */
export async function runRequests(run: Run, method: RequestMethod): Promise<void> {
  const headersFor = new Map<string, readonly Header[]>()
  await runClients(run.load.clients, (client) => {
    const { endpoint } = run.channels.of(client)
    const headers = headersFor.get(endpoint.href) ?? requestHeaders(endpoint, method.path)
    headersFor.set(endpoint.href, headers)
    return requestInTurn(run, { client, method, headers })
  })
}

function requestInTurn(
  { load, channels, tally, pacer }: Run,
  parts: { client: number; method: RequestMethod; headers: readonly Header[] },
): Promise<void> {
  const { client, method, headers } = parts
  const channel = channels.of(client)
  const series = requestSeries(method, client, load)
  const { promise, resolve } = Promise.withResolvers<void>()
  let dueMs = 0
  const onEnd: Call['onEnd'] = (end) => {
    if (end.code === status.OK) tally.acknowledged(client, performance.now() - dueMs)
    else countFailure(tally, end, method.path)
    pacer.next(begin)
  }
  const begin = (startMs: number) => {
    if (!tally.goesOn(startMs)) {
      resolve()
      return
    }
    dueMs = startMs
    const deadlineMs = performance.now() + load.timeoutMs
    channel.send({ headers, body: series.next().body, deadlineMs, onEnd })
  }
  pacer.next(begin)
  return promise
}
