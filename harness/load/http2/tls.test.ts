import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { issueCluster } from '../../pki/authority.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { call } from './testing/call.ts'
import { answerOk, channelTo, serve } from './testing/grpc-server.ts'

const sans = ['127.0.0.1']

async function issue() {
  const pki = await issueCluster(sampleSpec({ members: 1 }), { m1: '10.1.0.2' })
  const { certPem: cert, keyPem: key } = await pki.issue('server', { commonName: 'm1' }, sans)
  return { pki, server: { cert: String(cert), key: String(key), ca: pki.caPem } }
}

test('both ends show certificates, and a renewed one is used from the next connection on', async () => {
  const { pki, server } = await issue()
  const shown: unknown[] = []
  const { endpoint, sessions } = await serve(
    (stream, body, count) => {
      const socket = stream.session?.socket as TLSSocket
      shown.push(socket.getPeerCertificate().subject.CN)
      answerOk(stream, body, count)
      if (count === 2) stream.session?.close()
    },
    { ...server, requestCert: true, rejectUnauthorized: true },
  )
  let current = await pki.issue('client', { commonName: 'first' }, [])
  const channel = channelTo(endpoint, {
    credentials: () => ({ caPem: pki.caPem, certPem: current.certPem, keyPem: current.keyPem }),
  })
  expect((await call(channel)).code).toBe(0)
  current = await pki.issue('client', { commonName: 'renewed' }, [])
  expect((await call(channel)).code).toBe(0)
  await expect.poll(() => sessions[0]?.destroyed).toBe(true)
  expect((await call(channel)).code).toBe(0)
  expect(shown).toEqual(['first', 'first', 'renewed'])
})

test('a call is never sent to a server with a certificate of another CA', async () => {
  const [{ server }, stranger] = await Promise.all([issue(), issue()])
  const { endpoint, bodies } = await serve(answerOk, server)
  const channel = channelTo(endpoint, { credentials: () => ({ caPem: stranger.pki.caPem }) })
  const { code, details } = await call(channel)
  expect(code).toBe(status.UNAVAILABLE)
  expect(details).toMatch(/^No connection established.*certificate/)
  expect(bodies).toEqual([])
})

test('a call is never sent to a server that only speaks HTTP/1.1', async () => {
  const { pki, server } = await issue()
  const old = createServer(server).listen(0, '127.0.0.1')
  onTestFinished(() => void old.close())
  await once(old, 'listening')
  const { port } = old.address() as AddressInfo
  const channel = channelTo(`https://127.0.0.1:${port}`, {
    credentials: () => ({ caPem: pki.caPem }),
  })
  expect((await call(channel)).details).toMatch(/^No connection established.*(h2|protocol)/)
})
