import autocannon from 'autocannon'
import { messageOf } from '../core/errors.ts'
import type { ClosedLoad, Generator } from './generator.ts'
import { keysOf, loadValue } from './keys.ts'
import { kindOf, startTally } from './tally.ts'
import { verifyCertificates } from './verify-certificates.ts'

/**
 * The JSON gateway, by `autocannon`: one HTTP/1.1 connection a client. autocannon takes any server
 * certificate and spins against a port where nobody listens, so each member is connected to, and
 * its certificate verified, before it begins; after too many errors it is stopped. Latencies go into a
 * histogram of ours: autocannon's is in whole milliseconds, and its correction for coordinated
 * omission, wrong where there is a rate, is none here.
 */
export const gatewayGenerator: Generator = {
  name: 'gateway',
  run: async (load) => {
    const used = load.targets.slice(0, load.clients)
    const certificates = await verifyCertificates(used, load)
    const tally = startTally(load)
    const { running, ended } = fire(load)
    running.on('response', (client, statusCode, _bytes, latencyMs) => {
      if (statusCode === 200) tally.acknowledged(client, latencyMs)
      else tally.failed(`HTTP ${statusCode}`)
      if (!tally.goesOn()) sendNoMore(client)
    })
    running.on('reqError', (thrown) => {
      tally.failed(kindOf(messageOf(thrown)))
      if (!tally.goesOn()) running.stop()
    })
    const { requests } = await ended
    return {
      ...tally.finish(requests.sent),
      clients: load.clients,
      members: used.map(({ member }) => member),
      ...(certificates !== undefined && { certificates }),
    }
  },
}

/** How often autocannon looks whether it is to end. */
const tickMs = 50

function fire(load: ClosedLoad) {
  const { targets, clients, credentials, gatewayPrefix, timeoutMs, warmUpMs, windowMs } = load
  const value = Buffer.from(loadValue(load)).toString('base64')
  let connected = 0
  const options = {
    url: targets.map(({ endpoint }) => endpoint) as unknown as string,
    connections: clients,
    // Clients end by themselves; this is the end for those that are never answered.
    duration: (warmUpMs + windowMs + 3 * timeoutMs) / 1_000,
    timeout: timeoutMs / 1_000,
    sampleInt: tickMs,
    ...(credentials !== undefined && {
      tlsOptions: {
        ca: credentials.caPem,
        cert: credentials.certPem,
        key: credentials.keyPem,
      } as autocannon.Options['tlsOptions'] & object,
    }),
    setupClient: (client: autocannon.Client) => {
      const keys = keysOf(connected++, load)
      client.setRequests(keys.map((key) => putRequest(gatewayPrefix, key, value)))
    },
  }
  const { promise: ended, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const running = autocannon(options, (error, result) => {
    if (error) reject(error)
    else resolve(result)
  })
  return { running, ended }
}

function putRequest(gatewayPrefix: string, key: string, value: string): autocannon.Request {
  const body = JSON.stringify({ key: Buffer.from(key).toString('base64'), value })
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', path: `${gatewayPrefix}/kv/put`, headers, body }
}

/**
 * Ends this client before its next request. autocannon itself, when its time is over, would cut
 * every connection with a write open on it, and their outcomes would be unknown.
 */
function sendNoMore(client: autocannon.Client): void {
  const bounded = client as unknown as { responseMax: number; reqsMade: number }
  bounded.responseMax = bounded.reqsMade
}
