import { describe, expect, test } from 'vitest'
import type { CertificateShape, CertificateShapes } from '../topology/spec.ts'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { issueCluster } from './authority.ts'
import { type LayoutName, memberFiles } from './layout.ts'
import { readCertificateShapes } from './read-shapes.ts'

const dayMs = 24 * 3_600_000
const addresses = { m1: '10.1.0.2', m2: '10.1.0.3', m3: '10.1.0.4' }

const shape = (overrides: Partial<CertificateShape> = {}): CertificateShape => ({
  key: 'ecdsa-p256',
  subject: {},
  validMs: 90 * dayMs,
  dnsNames: [],
  serverAuth: true,
  clientAuth: true,
  ...overrides,
})

/** The files of m1 of a cluster whose certificates have these shapes. */
async function filesOf(certificates: CertificateShapes, layout: LayoutName = 'cfssl') {
  const spec = sampleSpec({ tls: { key: 'ecdsa-p256', certificates } })
  const pki = await issueCluster(spec, addresses)
  const files = memberFiles(pki, { member: 'm1', layout })
  return files.map(({ path, content }) => ({ path, text: content }))
}

const client = shape({ serverAuth: false, subject: { commonName: 'root' } })

describe.each(['cfssl', 'kubeadm'] as const)('in the layout of %s', (layout) => {
  test.each<readonly [string, CertificateShapes]>([
    [
      'RSA of 4096 bits below an authority of its own name',
      {
        ca: shape({
          key: 'rsa-2048',
          subject: { commonName: 'my-ca', organization: 'Me' },
          validMs: 3_650 * dayMs,
        }),
        server: shape({ key: 'rsa-4096', subject: { organization: 'Me' } }),
        peer: shape({ key: 'rsa-3072' }),
        client: { ...client, key: 'rsa-2048', subject: { ...client.subject, organization: 'x' } },
      },
    ],
    [
      'ECDSA of each curve below RSA, one name for all members, servers that are no clients',
      {
        ca: shape({ key: 'rsa-3072', subject: { commonName: 'etcd-ca' }, validMs: 3_650 * dayMs }),
        server: shape({ key: 'ecdsa-p384', clientAuth: false, subject: { commonName: 'etcd' } }),
        peer: shape({ key: 'ecdsa-p521', dnsNames: ['*.etcd.example'], validMs: dayMs }),
        client,
      },
    ],
  ])('certificates have what those of the user had: %s', async (_, shapes) => {
    const read = readCertificateShapes(await filesOf(shapes, layout))
    const own = { server: ['m1'], peer: ['m1'] }
    for (const kind of ['ca', 'server', 'peer', 'client'] as const) {
      const { dnsNames = [], validMs = 0, ...rest } = read[kind] ?? {}
      const { dnsNames: names = [], validMs: length = 0, ...wanted } = shapes[kind] ?? {}
      // Our authority is for signing alone: it has no such usages.
      const usages = kind === 'ca' ? { serverAuth: true, clientAuth: true } : {}
      expect(rest).toEqual({ ...wanted, ...usages })
      expect(dnsNames).toEqual([
        ...(kind === 'server' || kind === 'peer' ? own[kind] : []),
        ...names,
      ])
      // From five minutes ago, so that a clock slightly behind accepts it.
      expect(Math.abs(validMs - length)).toBeLessThan(6 * 60_000)
    }
  })
})

test('a member’s own name is not the name of all, and one file may stand for two kinds', async () => {
  const [, server] = await filesOf({})
  const read = readCertificateShapes([{ path: 'certs/node1.pem', text: server?.text ?? '' }])
  expect(read.server?.subject).toEqual({})
  expect(read.peer).toBeUndefined()
  const member = readCertificateShapes([
    { path: 'member-a.pem', text: (await filesOf({ server: shape() }))[1]?.text ?? '' },
  ])
  expect(member.server).toEqual(member.peer)
  expect(member.server?.subject).toEqual({})
  expect(member.client).toEqual(member.server)
})

test.each([
  [
    'a peer that is no client',
    'peer.crt',
    'client authentication, got server authentication alone',
  ],
  ['a client that is none', 'client.crt', 'client authentication, got server authentication alone'],
])('%s is refused', async (_, path, message) => {
  const files = await filesOf({ server: shape({ clientAuth: false }) })
  const text = files[1]?.text ?? ''
  expect(() => readCertificateShapes([{ path, text }])).toThrow(message)
})

test('what is no certificate is passed over or refused with its file', () => {
  expect(readCertificateShapes([{ path: 'a-key.pem', text: 'PRIVATE KEY' }])).toEqual({})
  const text = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  expect(() => readCertificateShapes([{ path: 'pki/server.crt', text }])).toThrow(
    /^pki\/server\.crt: expected a certificate, got /,
  )
})
