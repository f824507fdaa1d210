import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { loadSync, type PackageDefinition } from '@grpc/proto-loader'

export type ServiceName = 'KV' | 'Watch' | 'Lease' | 'Cluster' | 'Maintenance' | 'Auth'

let loaded: PackageDefinition | undefined

/**
 * A method of etcd's API from the definitions that the `etcd3` package carries (those of 3.5).
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
  return loaded[`etcdserverpb.${service}`] as ServiceDefinition
}

/** 64-bit integers arrive as decimal strings: a double would round ids and large revisions. */
function loadDefinitions(): PackageDefinition {
  const etcd3 = dirname(createRequire(import.meta.url).resolve('etcd3/package.json'))
  return loadSync(join(etcd3, 'proto', 'rpc.proto'), {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  })
}
