import autocannon from 'autocannon'
import { InputError, messageOf } from '../core/errors.ts'
import { expectPuts } from './expect-puts.ts'
import type { Generator, Load } from './generator.ts'
import { keysOf, loadValue } from './keys.ts'
import { kindOf, startTally } from './tally.ts'
import { verifyCertificates } from './verify-certificates.ts'

/**
 * The JSON gateway, by `autocannon`: one HTTP/1.1 connection a client. autocannon accepts any server
 * certificate and spins against a closed port, so this connects to each member and verifies its
 * certificate first, and stops autocannon after too many errors. Latencies go into our own histogram:
 * autocannon's has whole milliseconds and corrects for coordinated omission, which a closed loop does
 * not have.
 */
export const gatewayGenerator: Generator = {
  name: 'gateway',
  run: async (load, signal) => {
    expectPuts('gateway', load)
    if (load.ratePerS !== undefined) {
      throw new InputError(
        'Expected no `rate` with the generator gateway: autocannon sends in bursts',
      )
    }
    const used = load.targets.slice(0, load.clients)
    const certificates = await verifyCertificates(used, load)
    const tally = startTally(load, signal)
    const { running, ended } = startClients(load)
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
      operation: 'put',
      clients: load.clients,
      notStarted: 0,
      members: used.map(({ member }) => member),
      ...(certificates !== undefined && { certificates }),
    }
  },
}

/** How often autocannon checks whether to end. */
const tickMs = 50

function startClients(load: Load) {
  const { targets, clients, credentials, gatewayPrefix, timeoutMs, warmUpMs, windowMs } = load
  const value = Buffer.from(loadValue(load)).toString('base64')
  let connected = 0
  const options = {
    url: targets.map(({ endpoint, httpEndpoint = endpoint }) => httpEndpoint) as unknown as string,
    connections: clients,
    // Clients end on their own; this ends those that never receive an answer.
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
 * Ends this client before its next request. At its own end, autocannon would close every connection
 * with a write open on it, whose outcome would be unknown.
 */
function sendNoMore(client: autocannon.Client): void {
  const bounded = client as unknown as { responseMax: number; reqsMade: number }
  bounded.responseMax = bounded.reqsMade
}
