import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { fromJSON, loadSync, type PackageDefinition } from '@grpc/proto-loader'
import { concurrencyDefinitions } from './concurrency-proto.ts'

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
 * A method of etcd's API from the definitions that the `etcd3` package carries (those of 3.5),
 * the lock and election services from our own.
 * They are read once, at the first use: 40 ms.
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
function loadDefinitions(): PackageDefinition {
  const etcd3 = dirname(createRequire(import.meta.url).resolve('etcd3/package.json'))
  const options = { longs: String, enums: String, defaults: true, oneofs: true }
  return {
    ...loadSync(join(etcd3, 'proto', 'rpc.proto'), options),
    ...fromJSON(concurrencyDefinitions, options),
  }
}
