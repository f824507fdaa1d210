import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as etcd from '../../client/index.ts'
import { startCluster } from '../../cluster/start.ts'
import { clusterPlan, defaultSpec } from '../../cluster/testing/setup.ts'
import type { Member } from '../../cluster/types.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import { removeImage } from '../cleanup/remove.ts'
import type { Docker, Engine } from '../connect.ts'
import { connectEngine } from '../connect.ts'
import { packTar } from '../container/tar.ts'

/**
 * As other makers' images come: for a user of its own, who owns the data directory, and with
 * variables that say what our flags say too. From 3.4 on etcd and etcdctl exit when both are set;
 * keys are root's alone.
 */
const another = `
ADD data.tar /var/lib/
USER 1001
ENV ETCD_NAME=preset ETCD_DATA_DIR=/elsewhere ETCDCTL_ENDPOINTS=http://nowhere:1
`

const image = `gauntlet/images-suite:${randomBytes(4).toString('hex')}`
let engine: Engine

beforeAll(async () => {
  engine = await connectEngine()
  await build(engine.docker, `FROM ${clusterPlan().image}${another}`)
})
afterAll(() => removeImage(engine, image))

test('an image with a user and variables of its own runs as ours do, tools and all', async () => {
  const spec = { ...defaultSpec, members: defaultSpec.members.slice(0, 1) }
  await using cluster = await startCluster(clusterPlan({ spec, image }))
  const [member] = cluster.members as [Member]
  expect((await member.etcdctl(['member', 'list'])).stdout).toMatch(/, started, m1, /)
  expect((await member.etcdctl(['put', 'k', 'v'])).stdout.trim()).toBe('OK')
  const content = await snapshotOf(member, cluster.credentials)
  const { offlineTool } = featuresOf(spec.version)
  const { exitCode, stderr, files } = await cluster.tool(
    [offlineTool, 'snapshot', 'restore', '/snapshot.db', '--data-dir=/restored'],
    { files: [{ path: '/snapshot.db', content, mode: 0o600 }], fetch: '/restored/member/snap/db' },
  )
  expect(exitCode, stderr).toBe(0)
  expect(files[0]?.content.length).toBeGreaterThan(0)
})

/** Only adds files and settings to a local image: it pulls and runs nothing. */
async function build(docker: Docker, dockerfile: string): Promise<void> {
  const context = await packTar([
    { path: '/Dockerfile', content: dockerfile, mode: 0o644 },
    { path: '/data.tar', content: await closedDirectory(), mode: 0o644 },
  ])
  const stream = await docker.buildImage(Readable.from([context]), { t: image, forcerm: true })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  docker.modem.followProgress(stream, (failed: Error | null, lines: unknown) =>
    failed === null ? resolve(lines) : reject(failed),
  )
  await promise
}

/** An archive of etcd's usual data folder, which its owner alone may enter. */
function closedDirectory(): Promise<Buffer> {
  const archive = pack()
  archive.entry({ name: 'etcd/', type: 'directory', mode: 0o700, uid: 1001, gid: 1001 })
  archive.finalize()
  return buffer(archive)
}

async function snapshotOf(
  { name, clientEndpoint: endpoint }: Member,
  credentials: etcd.ConnectOptions['credentials'],
): Promise<Buffer> {
  const client = etcd.connectMember({ member: name, endpoint, credentials, timeoutMs: 5_000 })
  const pieces: Buffer[] = []
  for await (const piece of etcd.snapshot(client)) pieces.push(piece)
  client.close()
  return Buffer.concat(pieces)
}
