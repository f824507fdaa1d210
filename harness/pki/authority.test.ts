import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type TLSSocket } from 'node:tls'
import 'reflect-metadata'
import { X509Certificate as CaCertificate, X509Crl } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { type ClusterPki, issueCluster } from './authority.ts'
import { type KeyType, prepareKeys } from './keys.ts'
import { memberFiles } from './layout.ts'
import type { IssuedPair } from './sign.ts'

const addresses = { m1: '10.1.0.2', m2: '10.1.0.3', m3: '10.1.0.4' }
const serverAuth = '1.3.6.1.5.5.7.3.1'
const clientAuth = '1.3.6.1.5.5.7.3.2'
const dayMs = 24 * 3_600_000

const parsed = ({ certPem }: IssuedPair) => new X509Certificate(certPem)
const pairsOf = (pki: ClusterPki, member: string) => {
  const pairs = pki.members[member]
  if (pairs === undefined) throw new RangeError(`no ${member}`)
  return pairs
}

describe.each(['rsa-2048', 'ecdsa-p256'] satisfies KeyType[])('with %s keys', (key) => {
  const spec = sampleSpec({ tls: { key } })
  const issued = issueCluster(spec, addresses, prepareKeys(spec))

  test('the CA is etcd-ca, signs itself and lasts ten years', async () => {
    const ca = new X509Certificate((await issued).caPem)
    expect(ca.subject).toBe('CN=etcd-ca')
    expect(ca.ca).toBe(true)
    expect(ca.verify(ca.publicKey)).toBe(true)
    const days = (ca.validToDate.getTime() - Date.now()) / dayMs
    expect(days).toBeGreaterThan(3_649)
    expect(ca.publicKey.asymmetricKeyType).toBe(key === 'rsa-2048' ? 'rsa' : 'ec')
  })

  test('every certificate is signed by the CA, fits its key and is valid now for a year', async () => {
    const pki = await issued
    const ca = new X509Certificate(pki.caPem)
    const pairs = Object.values(pki.members).flatMap(({ server, peer }) => [server, peer])
    expect(pairs).toHaveLength(6)
    for (const pair of [...pairs, pki.client]) {
      const certificate = parsed(pair)
      expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true)
      expect(certificate.checkPrivateKey(createPrivateKey(pair.keyPem))).toBe(true)
      expect(certificate.validFromDate.getTime()).toBeLessThan(Date.now())
      expect((certificate.validToDate.getTime() - Date.now()) / dayMs).toBeCloseTo(365, 0)
    }
    const serials = pairs.map((pair) => parsed(pair).serialNumber)
    expect(new Set(serials).size).toBe(6)
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
  })

  test('the profiles allow what cfssl’s do', async () => {
    const pki = await issued
    const { server, peer } = pairsOf(pki, 'm1')
    expect(parsed(server).keyUsage).toEqual([serverAuth])
    expect(parsed(peer).keyUsage).toEqual([serverAuth, clientAuth])
    expect(parsed(pki.client).keyUsage).toEqual([clientAuth])
  })

  test('a member is good for loopback, its name and its address', async () => {
    const { server } = pairsOf(await issued, 'm2')
    const certificate = parsed(server)
    for (const ip of ['127.0.0.1', '10.1.0.3']) expect(certificate.checkIP(ip)).toBe(ip)
    for (const host of ['localhost', 'm2']) expect(certificate.checkHost(host)).toBe(host)
    expect(certificate.checkIP('10.1.0.2')).toBeUndefined()
    expect(certificate.checkHost('m1')).toBeUndefined()
  })

  test('a client of the CA and the server trust each other over TLS', async () => {
    const pki = await issued
    expect(await handshake(pki, { ca: pki.caPem, client: pki.client })).toBe('root')
  })

  test('another CA’s server is refused by the client, another CA’s client by the server', async () => {
    const pki = await issued
    const other = await issueCluster(spec, addresses)
    await expect(handshake(pki, { ca: other.caPem, client: pki.client })).rejects.toThrow(
      /self-signed certificate|unable to (get|verify)|signature/i,
    )
    await expect(handshake(pki, { ca: pki.caPem, client: other.client })).rejects.toThrow(
      /UNABLE_TO_VERIFY|UNABLE_TO_GET|SELF_SIGNED|SIGNATURE/,
    )
  })

  test('a client that trusts two CAs of one name takes servers of both', async () => {
    const pki = await issued
    const other = await issueCluster(spec, addresses)
    for (const ca of [pki.caPem + other.caPem, other.caPem + pki.caPem]) {
      expect(await handshake(pki, { ca, client: pki.client })).toBe('root')
    }
  })

  test('a list of revoked certificates is signed by the CA and names them', async () => {
    const { caPem, client, revocationList } = await issued
    const list = new X509Crl(await revocationList([client.certPem]))
    expect(list.entries.map(({ serialNumber }) => serialNumber.toUpperCase())).toEqual([
      parsed(client).serialNumber,
    ])
    const publicKey = await new CaCertificate(caPem).publicKey.export()
    expect(await list.verify({ publicKey })).toBe(true)
  })

  test('a renewed member has the names and the time that were asked for', async () => {
    const notAfter = new Date(Date.now() + 60_000)
    const leaf = { sans: ['elsewhere.example'], commonName: 'stranger', notAfter }
    const { peer } = await (await issued).issueMember('m1', '10.1.0.2', leaf)
    expect(parsed(peer).subject).toBe('CN=stranger')
    expect(parsed(peer).subjectAltName).toBe('DNS:elsewhere.example')
    expect(parsed(peer).validToDate.getTime()).toBe(Math.floor(notAfter.getTime() / 1_000) * 1_000)
  })

  test('a proxy shows clients its own address, and members no name that could be a user', async () => {
    const pki = await issued
    const { server, client } = await pki.issueProxy('m1-grpc-proxy', '10.1.0.9')
    expect([server, client].map((pair) => parsed(pair).subject ?? '')).toEqual(['', ''])
    expect(parsed(server).checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(parsed(server).checkIP('10.1.0.9')).toBe('10.1.0.9')
    expect([server, client].map((pair) => parsed(pair).keyUsage)).toEqual([
      [serverAuth],
      [clientAuth],
    ])
    const { publicKey } = new X509Certificate(pki.caPem)
    expect([server, client].every((pair) => parsed(pair).verify(publicKey))).toBe(true)
  })

  test('an expired client is refused', async () => {
    const pki = await issued
    const expired = await pki.issue('client', { commonName: 'late' }, [], {
      notBefore: new Date(Date.now() - 2 * dayMs),
      notAfter: new Date(Date.now() - dayMs),
    })
    await expect(handshake(pki, { ca: pki.caPem, client: expired })).rejects.toThrow(/expired/i)
  })
})

test('before 3.5 a server’s certificate is good for clients too: its gateway has no other', async () => {
  const pki = await issueCluster(sampleSpec({ version: '3.4.23', members: 1 }), addresses)
  expect(parsed(pairsOf(pki, 'm1').server).keyUsage).toEqual([serverAuth, clientAuth])
})

test('a member that joins later gets certificates of the same CA', async () => {
  const pki = await issueCluster(sampleSpec({ members: 1 }), addresses)
  const { server } = await pki.issueMember('m4', '10.1.0.5')
  expect(parsed(server).verify(new X509Certificate(pki.caPem).publicKey)).toBe(true)
  expect(parsed(server).checkIP('10.1.0.5')).toBe('10.1.0.5')
})

test('nothing that is issued contains the CA’s key', async () => {
  const spec = sampleSpec({ members: 1 })
  const keys = await prepareKeys(spec)
  const pki = await issueCluster(spec, addresses, keys)
  const files = memberFiles(pki, { member: 'm1', layout: 'kubeadm' })
  const handedOut = JSON.stringify([pki, files])
  expect(handedOut).toContain(JSON.stringify(keys.client.privatePem).slice(1, -1))
  expect(handedOut).not.toContain(JSON.stringify(keys.ca.privatePem).slice(1, -1))
})

test('keys are readable by their owner alone, and lie where the layout says', async () => {
  const pki = await issueCluster(sampleSpec({ members: 1 }), addresses)
  const modes = (layout: 'cfssl' | 'kubeadm') =>
    memberFiles(pki, { member: 'm1', layout }).map(
      ({ path, mode }) => `${mode.toString(8)} ${path}`,
    )
  expect(modes('cfssl')).toEqual([
    '644 /etc/etcd/pki/ca.pem',
    '644 /etc/etcd/pki/etcd-server.pem',
    '600 /etc/etcd/pki/etcd-server-key.pem',
    '644 /etc/etcd/pki/etcd-peer.pem',
    '600 /etc/etcd/pki/etcd-peer-key.pem',
    '644 /etc/etcd/pki/etcd-client.pem',
    '600 /etc/etcd/pki/etcd-client-key.pem',
  ])
  expect(modes('kubeadm')).toContain('600 /etc/kubernetes/pki/etcd/healthcheck-client.key')
  expect(modes('kubeadm')).toContain('644 /etc/kubernetes/pki/apiserver-etcd-client.crt')
})

/** A real handshake on loopback; resolves to the client's name as the server saw it. */
async function handshake(
  pki: ClusterPki,
  { ca, client }: { ca: string; client: IssuedPair },
): Promise<string | undefined> {
  const { server } = pairsOf(pki, 'm1')
  const listener = createServer({
    cert: server.certPem,
    key: server.keyPem,
    ca: pki.caPem,
    requestCert: true,
    // The server's own error is more exact than the closed connection.
    rejectUnauthorized: false,
  })
  const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>
  accepted.catch(() => {})
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  const options = { port, host: '127.0.0.1', ca, cert: client.certPem, key: client.keyPem }
  const socket = connect(options)
  try {
    await once(socket, 'secureConnect')
    socket.on('error', () => {})
    const [seen] = await accepted
    if (!seen.authorized) throw new Error(String(seen.authorizationError))
    const { CN } = seen.getPeerCertificate().subject
    seen.destroy()
    return CN as string
  } finally {
    socket.destroy()
    listener.close()
  }
}
