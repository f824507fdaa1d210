import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filtersOf, roleLabel, runLabel } from '../engine/cleanup/labels.ts'
import { connectEngine, type Engine } from '../engine/connect.ts'
import { startCluster } from './start.ts'
import { clusterPlan, foundOf } from './testing/setup.ts'
import type { ContainerFile } from './tools.ts'
import type { Cluster } from './types.ts'

const plan = clusterPlan()
let engine: Engine
let cluster: Cluster

beforeAll(async () => {
  engine = await connectEngine()
  cluster = await startCluster(plan)
  await cluster.member('m1').inNetwork(['true'])
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

test('every published port is on 127.0.0.1 and on no other address', async () => {
  const containers = await inspectMembers()
  const bindings = containers.flatMap(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? []),
  )
  expect(bindings).toHaveLength(6)
  expect(new Set(bindings.map(({ HostIp }) => HostIp))).toEqual(new Set(['127.0.0.1']))
  const port = Number(new URL(cluster.member('m1').clientEndpoint).port)
  expect(await answers('127.0.0.1', port)).toBe(true)
  for (const address of otherAddresses()) expect(await answers(address, port)).toBe(false)
})

test('private keys inside the members are readable by their owner only', async () => {
  for (const member of cluster.members) {
    const keys = (await member.copyOut('/etc/etcd/pki')).filter(holdsKey)
    expect(keys).toHaveLength(3)
    expect(new Set(keys.map(({ mode }) => mode.toString(8)))).toEqual(new Set(['600']))
  }
})

test("the CA's key is in no member, neither in its files nor in its configuration", async () => {
  const ca = cluster.credentials?.caPem ?? ''
  for (const member of cluster.members) {
    const files = [
      ...(await member.copyOut('/etc')),
      ...(await member.copyOut(member.dataDirectory)),
    ]
    const server = files.find(({ path }) => path.endsWith('/etcd-server.pem'))
    expect(keysOf(String(server?.content), files)).toHaveLength(1)
    expect(keysOf(ca, files)).toEqual([])
  }
  expect(JSON.stringify(await inspectMembers())).not.toContain('PRIVATE KEY')
})

test('no container is privileged or shares a namespace of the host', async () => {
  const containers = await inspectAll()
  expect(containers).toHaveLength(4)
  for (const { HostConfig } of containers) {
    expect(HostConfig.Privileged).toBe(false)
    expect(HostConfig.NetworkMode).not.toBe('host')
    expect(HostConfig.PidMode).toBe('')
    expect(HostConfig.Binds ?? []).toEqual([])
  }
})

test('a sidecar has NET_ADMIN and no other capability, and cannot gain one', async () => {
  const { stdout } = await cluster.member('m1').inNetwork(['cat', '/proc/self/status'])
  const netAdmin = 1n << 12n
  expect(privilegesIn(stdout)).toEqual({
    Prm: netAdmin,
    Eff: netAdmin,
    Bnd: netAdmin,
    Inh: 0n,
    Amb: 0n,
    NoNewPrivs: 1n,
  })
})

test('a tool on the data of a member has no capability, and cannot gain one', async () => {
  const options = { toolbox: true, dataOf: 'm1' }
  const { stdout } = await cluster.tool(['cat', '/proc/self/status'], options)
  expect(privilegesIn(stdout)).toEqual({
    Prm: 0n,
    Eff: 0n,
    Bnd: 0n,
    Inh: 0n,
    Amb: 0n,
    NoNewPrivs: 1n,
  })
})

test('members are started without capabilities and may gain none, sidecars with one', async () => {
  for (const { Config, HostConfig } of await inspectAll()) {
    expect(HostConfig.CapDrop).toEqual(['ALL'])
    expect(HostConfig.SecurityOpt).toEqual(['no-new-privileges:true'])
    const isMember = Config.Labels[roleLabel] === 'member'
    expect(HostConfig.CapAdd ?? []).toEqual(isMember ? [] : [expect.stringMatching(/NET_ADMIN$/)])
  }
})

test("a member is on the cluster's network and not on the default bridge", async () => {
  const containers = await inspectMembers()
  const networks = new Set(containers.flatMap((one) => Object.keys(one.NetworkSettings.Networks)))
  expect(networks.size).toBe(1)
  const bridge = await engine.docker.getNetwork('bridge').inspect()
  for (const { Id } of containers) expect(Object.keys(bridge.Containers ?? {})).not.toContain(Id)
})

test('everything that was started carries the label of its run', async () => {
  const found = await foundOf(engine, plan.runId)
  const count = (kind: string) => found.filter((name) => name.startsWith(kind)).length
  expect([count('container'), count('network'), count('volume')]).toEqual([4, 1, 3])
  for (const { Config, Mounts } of await inspectMembers()) {
    expect(Config.Labels.gauntlet).toBe(plan.runId)
    expect(Mounts.map(({ Type }) => Type)).toEqual(['volume'])
  }
})

/** A process's sets of capabilities and its no_new_privs, as the kernel shows them. */
function privilegesIn(status: string): Record<string, bigint> {
  const lines = status.matchAll(/^(?:Cap(Prm|Eff|Bnd|Inh|Amb)|(NoNewPrivs)):\s*(\w+)$/gm)
  return Object.fromEntries(
    [...lines].map(([, set, flag, bits]) => [set ?? flag, BigInt(`0x${bits}`)]),
  )
}

function inspectMembers() {
  const ids = cluster.members.map(({ containerId }) => containerId)
  return Promise.all(ids.map((id) => engine.docker.getContainer(id).inspect()))
}

async function inspectAll() {
  const filters = filtersOf([`${runLabel}=${plan.runId}`])
  const containers = await engine.docker.listContainers({ all: true, filters })
  return Promise.all(containers.map(({ Id }) => engine.docker.getContainer(Id).inspect()))
}

function otherAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const others = all.filter(({ family, internal }) => family === 'IPv4' && !internal)
  expect(others.length).toBeGreaterThan(0)
  return others.map(({ address }) => address)
}

function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = createConnection({ host, port, timeout: 2_000 })
  socket.on('connect', () => resolve(true))
  socket.on('error', () => resolve(false))
  socket.on('timeout', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function holdsKey({ content }: ContainerFile): boolean {
  return Buffer.from(content).includes('PRIVATE KEY')
}

/** Paths of the files with the private key that belongs to the certificate. */
function keysOf(certificatePem: string, files: readonly ContainerFile[]): string[] {
  const spki = (key: Parameters<typeof createPublicKey>[0]) =>
    createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('hex')
  const wanted = spki(
    new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'pem' }),
  )
  const pem = /-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----/gs
  return files
    .filter(holdsKey)
    .flatMap(({ path, content }) =>
      [...Buffer.from(content).toString('latin1').matchAll(pem)]
        .filter(
          ([key]) =>
            spki(createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' })) === wanted,
        )
        .map(() => path),
    )
}
