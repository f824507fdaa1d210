import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { memberConfiguration } from '../config/member.ts'
import { messageOf } from '../core/errors.ts'
import { stderrLog } from '../core/log.ts'
import { median } from '../core/median.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { labelsOf } from '../engine/cleanup/labels.ts'
import { connectEngine } from '../engine/connect.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import { createNetwork, type EngineNetwork } from '../engine/network/bridge.ts'
import { reservePorts } from '../engine/network/ports.ts'
import { flags } from '../forms/etcd/flags.ts'
import { type ClusterPki, issueCluster } from '../pki/authority.ts'
import { memberFiles } from '../pki/layout.ts'
import { clusterSpec } from '../topology/presets.ts'
import { startCluster } from './start.ts'

/**
 * What our care costs: from a spec to a healthy, TLS-verified three-member cluster by `startCluster`
 * (keys, certificates, network, volumes, agreement on a leader included) against three plain
 * `docker run` at once on an existing network, with existing certificates, and a health poll.
 * Both in turn in one run, because a machine's load changes by the minute. Exit 1 above the limit.
 */
const limit = 1.25
const run = promisify(execFile)
const log = stderrLog()
const belonging = { runId: `bench-startup-${process.pid}` }

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    image: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const choice = values.image === undefined ? {} : { image: values.image }
const etcd = await resolveImage({ ...choice, architecture: 'native', allowBuild: true, log })
const { reference: image, version, architecture } = etcd
const spec = clusterSpec({ version, architecture })

interface Plain {
  readonly network: EngineNetwork
  readonly addresses: Readonly<Record<string, string>>
  readonly ports: readonly number[]
  readonly pki: ClusterPki
  readonly directory: string
}

async function main(): Promise<number> {
  const engine = await connectEngine()
  await using network = await createNetwork(engine, { ...belonging, name: 'bench' })
  const plain = await preparePlain(network, await reservePorts(engine, spec.members.length))
  const ours: number[] = []
  const theirs: number[] = []
  try {
    for (let round = 0; round <= rounds; round++) {
      const pair = [await timeOurs(), await timePlain(plain)] as const
      console.log(`${round === 0 ? 'warm-up' : `round ${round}`}: ${pair.join(' ms, plain ')} ms`)
      if (round === 0) continue
      ours.push(pair[0])
      theirs.push(pair[1])
    }
  } finally {
    await rm(plain.directory, { recursive: true, force: true })
  }
  const ratio = median(ours) / median(theirs)
  console.log(
    `startCluster ${Math.round(median(ours))} ms, docker run ${Math.round(median(theirs))} ms (medians of ${rounds})`,
  )
  console.log(`ratio ${ratio.toFixed(3)}, limit ${limit}`)
  return ratio > limit ? 1 : 0
}

async function timeOurs(): Promise<number> {
  await settle()
  const startedMs = performance.now()
  await using _cluster = await startCluster({ ...belonging, spec, image })
  return Math.round(performance.now() - startedMs)
}

async function timePlain(plain: Plain): Promise<number> {
  await settle()
  const startedMs = performance.now()
  const names = spec.members.map(({ name }) => `${belonging.runId}-${name}`)
  try {
    await Promise.all(spec.members.map((_, index) => run('docker', runArguments(plain, index))))
    await Promise.all(plain.ports.map((port) => untilHealthy(port, plain.pki)))
    return Math.round(performance.now() - startedMs)
  } finally {
    await run('docker', ['rm', '--force', '--volumes', ...names])
  }
}

/**
 * etcd allocates 64 MB of log a member and syncs it before it does anything else: without this, the
 * removal of one cluster's data is paid for by the next one's start.
 */
async function settle(): Promise<void> {
  await run('sync')
}

function runArguments({ network, addresses, ports, directory }: Plain, index: number): string[] {
  const name = spec.members[index]?.name ?? ''
  const labels = Object.entries(labelsOf(belonging, 'member'))
  return [
    ...['run', '--detach', '--name', `${belonging.runId}-${name}`, '--network', network.name],
    ...[
      '--ip',
      addresses[name] ?? '',
      '--publish',
      `127.0.0.1:${ports[index]}:${spec.ports.client}`,
    ],
    ...['--volume', `${join(directory, name)}/etc/etcd/pki:/etc/etcd/pki:ro`],
    ...labels.flatMap(([label, value]) => ['--label', `${label}=${value}`]),
    ...[image, 'etcd', ...flags.write(memberConfiguration(spec, { member: name, addresses }))],
  ]
}

async function preparePlain(network: EngineNetwork, ports: readonly number[]): Promise<Plain> {
  const addresses = Object.fromEntries(
    spec.members.map(({ name }, index) => [
      name,
      network.subnet.replace('.0/24', `.${index + 11}`),
    ]),
  )
  const pki = await issueCluster(spec, addresses)
  const directory = await mkdtemp(join(tmpdir(), 'gauntlet-bench-'))
  for (const { name } of spec.members) {
    for (const { path, content, mode } of memberFiles(pki, { member: name, layout: 'cfssl' })) {
      const file = join(directory, name, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content, { mode })
    }
  }
  return { network, addresses, ports, pki, directory }
}

async function untilHealthy(port: number, { caPem, client }: ClusterPki): Promise<void> {
  const agent = new Agent({ ca: caPem, cert: client.certPem, key: client.keyPem, keepAlive: true })
  const observe = async () => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    get({ host: '127.0.0.1', port, path: '/health', agent, timeout: 1_000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .on('timeout', () => reject(new Error('no answer')))
    const status = await promise
    return status === 200 ? done(true) : notYet(`status ${status}`)
  }
  await poll(observe, { what: `port ${port} to be healthy`, deadlineMs: 60_000, intervalMs: 15 })
  agent.destroy()
}

process.exitCode = await main().catch((thrown: unknown) => {
  console.error(messageOf(thrown))
  return 4
})
