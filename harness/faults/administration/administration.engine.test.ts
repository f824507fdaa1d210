import { connect as connectTls } from 'node:tls'
import { beforeAll, expect, test } from 'vitest'
import * as etcd from '../../client/index.ts'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import type { Member } from '../../cluster/types.ts'
import { stderrLog } from '../../core/log.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import * as faults from '../index.ts'
import { at, clientOf, inForce, put, undoTwice } from '../testing/setup.ts'

beforeAll(async () => {
  for (let sent = 0; sent < 10; sent++) await put(cluster, at(cluster.members, 0), 'k', `v${sent}`)
})

test('compacted revisions cannot be read any more', async () => {
  const member = at(cluster.members, 0)
  using client = clientOf(cluster, member)
  expect((await etcd.range(client, { key: 'k', atRevision: 5 })).kvs).toHaveLength(1)
  await using fault = await inForce(faults.compact, cluster, member)
  expect(fault.undo.detail).toMatch(/^m1: compacted revision \d+$/)
  await expect(etcd.range(client, { key: 'k', atRevision: 5 })).rejects.toThrow(/compacted/)
  await using again = await inForce(faults.compact, cluster, member)
  expect(again.undo.detail).toContain('compacted')
  await undoTwice(fault.undo, cluster)
})

test('a defragmented member has given back what compaction freed', async () => {
  const member = at(cluster.members, 0)
  for (let sent = 0; sent < 20; sent++) await put(cluster, member, 'large', 'x'.repeat(200_000))
  await using compacted = await inForce(faults.compact, cluster, member)
  const before = (await member.status()).dbSizeBytes
  await using fault = await inForce(faults.defragment, cluster, member)
  expect((await member.status()).dbSizeBytes).toBeLessThan(before / 2)
  expect(fault.undo.detail).toMatch(/^m1: \d+ to \d+ bytes$/)
  await undoTwice(compacted.undo, cluster)
})

test('the leadership goes to the member that was named', async () => {
  const [follower] = await cluster.followers()
  const member = follower ?? at(cluster.members, 0)
  await using fault = await inForce(faults.moveLeader, cluster, member)
  expect((await cluster.leader()).name).toBe(member.name)
  await undoTwice(fault.undo, cluster)
})

test('a snapshot holds what the cluster holds', async () => {
  const member = at(cluster.members, 1)
  const { revision } = await member.status()
  await using fault = await inForce(faults.snapshot, cluster, member)
  expect(fault.undo.detail).toMatch(new RegExp(`^m2: revision ${revision}, \\d+ keys$`))
  await undoTwice(fault.undo, cluster)
})

test('a rotated certificate is shown at the next handshake by the same process', async () => {
  const member = at(cluster.members, 2)
  const [serial, neighbour] = [await serialOf(member), await serialOf(at(cluster.members, 0))]
  const { raftIndex } = await member.status()
  await using fault = await inForce(faults.rotateCertificates, cluster, member)
  expect(await serialOf(member)).not.toBe(serial)
  expect(await serialOf(at(cluster.members, 0))).toBe(neighbour)
  await using reset = await inForce(faults.resetConnections, cluster, member)
  await undoTwice(fault.undo, cluster)
  await put(cluster, member, 'after', 'rotation')
  expect((await member.status()).raftIndex).toBeGreaterThan(raftIndex)
  await reset.undo()
})

test('a member restarts with other flags, and with its former ones when that is undone', async () => {
  const member = at(cluster.members, 2)
  const flag = '--snapshot-count=1234'
  const restarted = faults.restartWith({ options: { 'snapshot-count': '1234' } })
  await using fault = await inForce(restarted, cluster, member)
  await cluster.untilHealthy()
  expect(await argumentsOf(member)).toContain(flag)
  await undoTwice(fault.undo, cluster)
  expect(await argumentsOf(member)).not.toContain(flag)
})

test('one member of the three is upgraded, and goes back', async () => {
  const log = stderrLog()
  const newer = await resolveImage({
    version: '3.5.30',
    architecture: 'native',
    allowBuild: true,
    log,
  })
  const member = at(cluster.members, 1)
  const { version } = await member.status()
  const target = { image: newer.reference, version: newer.version }
  await using fault = await inForce(faults.upgrade(target), cluster, member)
  await cluster.untilHealthy()
  expect((await member.status()).version).toBe(newer.version)
  expect(newer.version).not.toBe(version)
  await undoTwice(fault.undo, cluster)
  expect((await member.status()).version).toBe(version)
})

/** Of the certificate that the member shows to a new client. */
async function serialOf({ clientEndpoint }: Member): Promise<string> {
  const { hostname, port } = new URL(clientEndpoint)
  const { caPem = '', certPem: cert = '', keyPem: key = '' } = cluster.credentials ?? {}
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connectTls({ host: hostname, port: Number(port), ca: caPem, cert, key }, () =>
    resolve(socket.getPeerCertificate().serialNumber),
  )
  socket.on('error', reject)
  return promise.finally(() => socket.destroy())
}

/** As etcd itself says when it starts. */
async function argumentsOf(member: Member): Promise<string> {
  const lines = (await member.logs()).split('\n').filter((line) => line.includes('"Running: "'))
  return lines.at(-1) ?? ''
}
