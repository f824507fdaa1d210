import type { GivenEndpoints } from '../../bench/given-endpoints.ts'
import {
  benchmarkConnections,
  benchmarkPeer,
  expectBenchmark,
} from '../../bench/peers/benchmark.ts'
import { etcdctlPeer, expectComparable } from '../../bench/peers/etcdctl.ts'
import type { Peer } from '../../bench/peers/peer.ts'
import { type BenchPlan, expectMeasurable } from '../../bench/plan.ts'
import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import { accessOptions, endpointsOf, readCredentials } from './access.ts'
import type { BenchOptions } from './bench.ts'

/** What the options order. */
export interface BenchOrder {
  readonly plan: BenchPlan
  /** Undefined = a cluster of its own. */
  readonly given: GivenEndpoints | undefined
  readonly peersOf: (cluster: Cluster) => readonly Peer[]
}

/** Throws an InputError for the first wrong option, with nothing started. */
export function orderOf(options: BenchOptions): BenchOrder {
  const plan = planOf(options)
  expectMeasurable(plan)
  if (options.baseline !== undefined && options.vs.length === 0) {
    throw new InputError('Expected `--vs` beside `--baseline`, whose ratios it compares, got none')
  }
  const peers = options.vs.map((text) => peersNamed(text, plan))
  const peersOf = (cluster: Cluster) => peers.flatMap((create) => create(cluster))
  return { plan, given: givenOf(options), peersOf }
}

function planOf(options: BenchOptions): BenchPlan {
  const { generator, operation, target, clients, connections, keys, rounds } = options
  return {
    generator,
    operation,
    target,
    clients,
    connections,
    keys,
    rounds,
    ratePerS: options.rate,
    keyBytes: options.keySize,
    valueBytes: options.valueSize,
    durationMs: options.duration,
    mostRequests: options.requests,
    sweep: options.sweep === true,
  }
}

/** Both write keys of their own, so that they need a cluster that nobody else uses. */
function peersNamed(text: string, plan: BenchPlan): (cluster: Cluster) => readonly Peer[] {
  const [name, ...rest] = text.split('=')
  const path = rest.join('=')
  if (text === 'etcdctl') {
    expectComparable(plan)
    return (cluster) => [etcdctlPeer(cluster)]
  }
  if (name === 'benchmark' && path !== '') {
    expectBenchmark(path, plan)
    return () => benchmarkConnections.map((connections) => benchmarkPeer(path, connections))
  }
  throw new InputError(`Expected \`--vs\` to be etcdctl or benchmark=PATH, got \`${text}\``)
}

/** Options of a cluster of its own, which a given one has already. */
const ownOnly = ['etcd', 'image', 'arch', 'members', 'tls'] as const

function givenOf(options: BenchOptions): GivenEndpoints | undefined {
  if (options.endpoints === undefined) {
    const files = Object.keys(accessOptions) as (keyof typeof accessOptions)[]
    const stray = files.find((name) => options[name] !== undefined)
    if (stray === undefined) return undefined
    throw new InputError(`Expected \`--endpoints\` beside \`--${stray}\`, got none`)
  }
  const own = ownOnly.find((name) => options[name] !== undefined)
  if (own !== undefined) {
    throw new InputError(`Expected either \`--endpoints\` or \`--${own}\`, got both`)
  }
  if (options.vs.length > 0) {
    throw new InputError(
      'Expected no `--vs` beside `--endpoints`: other tools leave keys of theirs there',
    )
  }
  if (options.target === 'leader') {
    throw new InputError(
      'Expected `--target all` beside `--endpoints`: name the leader alone there',
    )
  }
  return reachOf(options)
}

/** The generators, which run in processes of their own, read the files of credentials themselves. */
function reachOf(options: BenchOptions): GivenEndpoints {
  const urls = endpointsOf(options).map((endpoint) => new URL(endpoint))
  const targets = urls.map(({ host, origin }) => ({ member: host, endpoint: origin }))
  const schemes = new Set(urls.map(({ protocol }) => protocol))
  if (schemes.size > 1) {
    throw new InputError('Expected `--endpoints` to be all http or all https, got both')
  }
  const credentials = readCredentials(options)
  if (schemes.has('http:')) return { targets, files: undefined, credentials: undefined }
  const { cacert, cert, key } = options
  return { targets, files: { ca: cacert, cert, key }, credentials }
}
