import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { InputError, messageOf, ToolError } from '../../core/errors.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { CredentialFiles } from '../../load/index.ts'
import type { BenchPlan } from '../plan.ts'
import type { Peer, PeerOrder } from './peer.ts'
import { watchProcessTime } from './process-time.ts'

/** Throws an InputError for a path without a program, or a plan that etcd's tool cannot repeat. */
export function expectBenchmark(path: string, { operation, ratePerS }: BenchPlan): void {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true
  if (!isFile)
    throw new InputError(`Expected \`--vs benchmark=\` to name etcd's tool, got \`${path}\``)
  if (operation === 'put' && ratePerS === undefined) return
  throw new InputError(
    'Expected `--operation put` without `--rate` with `--vs benchmark`, got others',
  )
}

/** Its connections, tried in turn: the better one counts. */
export const benchmarkConnections = [100, 1_000] as const

/** At most; its writes are counted from what ours reached. */
const slowest = 20

/** `benchmark put` of etcd's own tools: as many clients, the same sizes and endpoints. */
export function benchmarkPeer(path: string, connections: number): Peer {
  return {
    name: `benchmark, ${connections} connections`,
    run: async (order) => {
      const directory = mkdtempSync(join(tmpdir(), 'gauntlet-bench-'))
      try {
        return await runBenchmark(path, argumentsOf(order, connections, directory), order)
      } finally {
        rmSync(directory, { recursive: true })
      }
    },
  }
}

/** Writes for about as long as our measurement took, at half of our rate. */
function totalOf({ plan, oursPerS }: PeerOrder): number {
  return Math.max(1_000, Math.round((oursPerS * plan.durationMs) / 1_000 / 2))
}

async function runBenchmark(path: string, args: readonly string[], order: PeerOrder) {
  const running = execa(path, args, { timeout: slowest * order.plan.durationMs, reject: false })
  const cpuS = running.pid === undefined ? () => null : watchProcessTime(running.pid)
  const { stdout, stderr } = await running
  const used = cpuS()
  const [, rate] = /Requests\/sec:\s*([\d.]+)/.exec(stdout) ?? []
  if (rate === undefined) {
    const found = messageOf(`${stderr} ${stdout}`.slice(-300))
    throw new ToolError(`Expected etcd's benchmark to say its requests a second, got: ${found}`)
  }
  const cpuMsPer10k = used === null ? null : (used * 1_000 * 10_000) / totalOf(order)
  return { writesPerS: Number(rate), cpuMsPer10k }
}

function argumentsOf(order: PeerOrder, connections: number, directory: string): string[] {
  const { plan, clients, reach } = order
  const hosts = reach.targets.map(({ endpoint }) => endpoint).join(',')
  const sizes = [`--key-size=${plan.keyBytes}`, `--val-size=${plan.valueBytes}`]
  return [
    `--endpoints=${hosts}`,
    `--clients=${clients}`,
    `--conns=${Math.min(clients, connections)}`,
    ...tlsArguments(reach.credentialFiles ?? filesIn(directory, reach.credentials)),
    'put',
    ...sizes,
    `--total=${totalOf(order)}`,
    `--key-space-size=${plan.keys}`,
    '--sequential-keys',
  ]
}

function tlsArguments({ ca, cert, key }: CredentialFiles): string[] {
  const given = { cacert: ca, cert, key }
  return Object.entries(given).flatMap(([name, path]) =>
    path === undefined ? [] : [`--${name}=${path}`],
  )
}

/** The tool reads files; they are private, and are removed when it has ended. */
function filesIn(directory: string, credentials: TlsCredentials | undefined): CredentialFiles {
  if (credentials === undefined) return {}
  const { caPem, certPem, keyPem } = credentials
  const write = (name: string, pem: string | undefined) => {
    if (pem === undefined) return undefined
    const path = join(directory, name)
    writeFileSync(path, pem, { mode: 0o600 })
    return path
  }
  return {
    ca: write('ca.pem', caPem),
    cert: write('cert.pem', certPem),
    key: write('key.pem', keyPem),
  }
}
