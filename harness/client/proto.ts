import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { type AnyDefinition, loadSync, type PackageDefinition } from '@grpc/proto-loader'

/** Where each service is defined. */
const packages = {
  KV: 'etcdserverpb',
  Watch: 'etcdserverpb',
  Lease: 'etcdserverpb',
  Cluster: 'etcdserverpb',
  Maintenance: 'etcdserverpb',
  Auth: 'etcdserverpb',
  Lock: 'v3lockpb',
  Election: 'v3electionpb',
} as const

export type ServiceName = keyof typeof packages

let loaded: PackageDefinition | undefined

/**
 * A method of etcd's API. The definitions are read once, at the first use: 0.1 s. Where they come
 * from: protos/README.md. Throws a RangeError for a method that the service does not have.
 */
export function methodOf<Request, Response>(
  service: ServiceName,
  method: string,
): MethodDefinition<Request, Response> {
  const found = serviceOf(service)[method]
  if (found === undefined) {
    throw new RangeError(`Expected a method of etcd's API, got \`${service}.${method}\``)
  }
  return found as MethodDefinition<Request, Response>
}

/** All methods of a service, by name. */
export function serviceOf(service: ServiceName): ServiceDefinition {
  loaded ??= loadDefinitions()
  return loaded[`${packages[service]}.${service}`] as ServiceDefinition
}

/** 64-bit integers arrive as decimal strings: a double would round ids and large revisions. */
const options = { longs: String, enums: String, defaults: true, oneofs: true } as const

/**
 * `etcd3` has no definition of the lock and election services; ours import etcd's others too. Nor has
 * it what 3.6 added to the answers of the maintenance service, and 3.7 to the key-value service.
 */
function loadDefinitions(): PackageDefinition {
  const etcd3 = dirname(createRequire(import.meta.url).resolve('etcd3/package.json'))
  const ours = join(import.meta.dirname, 'protos')
  const api = join(ours, 'etcd/etcdserver/api')
  const concurrency = [
    join(api, 'v3lock/v3lockpb/v3lock.proto'),
    join(api, 'v3election/v3electionpb/v3election.proto'),
  ]
  const of35 = loadSync(join(etcd3, 'proto', 'rpc.proto'), options)
  const withLater = (service: 'KV' | 'Maintenance') => {
    const name = `${packages[service]}.${service}`
    const file = join(ours, 'later', `${service.toLowerCase()}.proto`)
    const later = loadSync(file, { ...options, includeDirs: [ours] })[`later.${service}`]
    const methods = Object.entries(later as ServiceDefinition).map(([method, definition]) => {
      return [method, { ...definition, path: `/${name}/${method}` }] as const
    })
    return { [name]: { ...of35[name], ...Object.fromEntries(methods) } as AnyDefinition }
  }
  return {
    ...loadSync(concurrency, { ...options, includeDirs: [ours] }),
    // The later one counts: the services and messages of 3.5, not those of 3.4 that ours import.
    ...of35,
    ...withLater('KV'),
    ...withLater('Maintenance'),
  }
}
