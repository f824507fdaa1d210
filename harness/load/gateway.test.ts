import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { EnvironmentError, GuaranteeBrokenError } from '../core/errors.ts'
import { issueCluster } from '../pki/authority.ts'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { inChildProcess } from './child-process.ts'
import { gatewayGenerator } from './gateway.ts'
import { sampleLoad } from './testing/sample-load.ts'

/** A gateway that accepts every put and counts them and their keys. */
function counting(answer: (count: number) => number = () => 200) {
  const seen = { puts: 0, keys: new Set<string>() }
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.puts++
    seen.keys.add(Buffer.from(JSON.parse(body).key, 'base64').toString())
    response.statusCode = request.url === '/v3/kv/put' ? answer(seen.puts) : 404
    response.end('{}')
  }
  return { seen, listener }
}

async function serve(server: Server, scheme = 'http') {
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return [{ member: 'm1', endpoint: `${scheme}://127.0.0.1:${port}` }]
}

test.each([
  ['in this process', gatewayGenerator],
  ['in a child process', inChildProcess('gateway')],
])('its count equals the server’s, %s', async (_where, generator) => {
  const { seen, listener } = counting()
  const targets = await serve(createServer(listener))
  const measured = await generator.run(sampleLoad({ targets, clients: 4, windowMs: 500 }))
  expect(measured.endedBy).toBe('time')
  expect(measured.acknowledged).toBeGreaterThan(0)
  expect([measured.sent, measured.acknowledged]).toEqual([seen.puts, seen.puts])
  expect(seen.keys.size).toBe(10)
  expect(measured.latency.p50Ms).toBeGreaterThan(0)
})

test('a rejected write is an error and not acknowledged', async () => {
  const { seen, listener } = counting((count) => (count % 10 === 0 ? 503 : 200))
  const targets = await serve(createServer(listener))
  const load = sampleLoad({ targets, mostRequests: 200, windowMs: 15_000 })
  const { sent, acknowledged, errors, endedBy } = await gatewayGenerator.run(load)
  expect(endedBy).toBe('count')
  expect(sent).toBe(seen.puts)
  expect(errors['HTTP 503']).toBe(sent - acknowledged)
  expect(sent - acknowledged).toBe(Math.floor(sent / 10))
})

test('the generator does not begin against a closed port', async () => {
  const targets = [{ member: 'm1', endpoint: 'http://127.0.0.1:1' }]
  await expect(gatewayGenerator.run(sampleLoad({ targets }))).rejects.toThrow(
    /Expected m1 to accept a connection, got: .*ECONNREFUSED/,
  )
  await expect(inChildProcess('gateway').run(sampleLoad({ targets }))).rejects.toBeInstanceOf(
    EnvironmentError,
  )
})

test('the generator stops soon after the server closes', async () => {
  const { seen, listener } = counting((count) => {
    if (count === 50) {
      server.close()
      server.closeAllConnections()
    }
    return 200
  })
  const server = createServer(listener)
  const load = sampleLoad({ targets: await serve(server), clients: 4, windowMs: 60_000 })
  const startedMs = performance.now()
  const { endedBy, errors, sent, acknowledged } = await gatewayGenerator.run(load)
  expect(performance.now() - startedMs).toBeLessThan(30_000)
  expect(endedBy).toBe('errors')
  expect(Object.keys(errors).join()).toContain('ECONNREFUSED')
  expect(acknowledged).toBeLessThanOrEqual(seen.puts)
  expect(sent).toBeGreaterThanOrEqual(seen.puts)
})

test('the generator writes only to servers with a certificate of the right CA', async () => {
  const issue = () => issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const [pki, stranger] = await Promise.all([issue(), issue()])
  const sans = ['127.0.0.1']
  const { certPem: cert, keyPem: key } = await pki.issue('server', { commonName: 'm1' }, sans)
  const { seen, listener } = counting()
  const targets = await serve(createTlsServer({ cert, key }, listener), 'https')
  const with_ = (caPem: string) => sampleLoad({ targets, credentials: { caPem } })
  for (const generator of [gatewayGenerator, inChildProcess('gateway')]) {
    const refused = generator.run(with_(stranger.caPem))
    await expect(refused).rejects.toBeInstanceOf(GuaranteeBrokenError)
    await expect(refused).rejects.toThrow(/Expected m1 to show a certificate of the cluster's CA/)
  }
  expect(seen.puts).toBe(0)
  const { certificates, acknowledged } = await gatewayGenerator.run(with_(pki.caPem))
  expect(certificates?.m1).toMatch(/^[0-9A-F:]{95}$/)
  expect(acknowledged).toBe(seen.puts)
})

test('the generator rejects a certificate for another host', async () => {
  const pki = await issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const sans = ['127.0.0.9', 'elsewhere']
  const { certPem: cert, keyPem: key } = await pki.issue('server', { commonName: 'm1' }, sans)
  const { listener } = counting()
  const targets = await serve(createTlsServer({ cert, key }, listener), 'https')
  const load = sampleLoad({ targets, credentials: { caPem: pki.caPem } })
  await expect(gatewayGenerator.run(load)).rejects.toThrow(/for 127\.0\.0\.1, got: .*ALTNAME/)
})
