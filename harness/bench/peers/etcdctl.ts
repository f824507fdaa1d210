import type { Cluster } from '../../cluster/types.ts'
import { InputError, ToolError } from '../../core/errors.ts'
import { clientUrl } from '../../topology/urls.ts'
import type { BenchPlan } from '../plan.ts'
import type { Peer } from './peer.ts'

/** The loads of `etcdctl check perf` by their clients; all have these sizes and last a minute. */
const loads = new Map([
  [50, 's'],
  [200, 'm'],
  [500, 'l'],
  [1_000, 'xl'],
])
const sizes = { keyBytes: 256, valueBytes: 1_024 } as const

/** Throws an InputError for a plan that `etcdctl check perf` cannot repeat. */
export function expectComparable(plan: BenchPlan): void {
  const { keyBytes, valueBytes, clients, operation, ratePerS } = plan
  const known = [...loads.keys()]
  const isSame = keyBytes === sizes.keyBytes && valueBytes === sizes.valueBytes
  const hasClients = clients.every((count) => loads.has(count))
  if (isSame && hasClients && operation === 'put' && ratePerS === undefined) return
  throw new InputError(
    `Expected \`--key-size ${sizes.keyBytes} --value-size ${sizes.valueBytes}\`, \`--operation put\` and \`--clients\` of ${known.join(', ')} with \`--vs etcdctl\`, got others`,
  )
}

/** `etcdctl check perf` inside a member, against all members. It removes its keys itself. */
export function etcdctlPeer({ members, spec }: Cluster): Peer {
  return {
    name: 'etcdctl',
    run: async ({ clients }) => {
      const [first, ...others] = members
      // The member adds its own endpoint.
      const endpoints = others.map(({ address }) => `--endpoints=${clientUrl(spec, address)}`)
      const load = loads.get(clients) ?? 's'
      const args = [...endpoints, 'check', 'perf', `--load=${load}`]
      const result = await first?.etcdctl(args)
      return { writesPerS: rateIn(result?.stdout ?? '', result?.stderr ?? ''), cpuMsPer10k: null }
    },
  }
}

/** `FAIL: Throughput too low: 2013 writes/s`, since its own bound is 15,000. */
function rateIn(stdout: string, stderr: string): number {
  const [, rate] = /Throughput[^\n]*?(\d+) writes\/s/.exec(stdout) ?? []
  if (rate !== undefined) return Number(rate)
  const found = `${stderr} ${stdout}`.replaceAll(/\s+/g, ' ').trim().slice(-300)
  throw new ToolError(`Expected etcdctl check perf to say its throughput, got: ${found}`)
}
