import { clusterSpec } from '../topology/presets.ts'
import { issueCluster } from './authority.ts'
import type { IssuedPair } from './sign.ts'

export interface ServerPki {
  readonly caPem: string
  readonly server: IssuedPair
  readonly client: IssuedPair
}

/** A CA of its own with one server certificate, good for 127.0.0.1, and one client certificate. */
export async function issueServer(): Promise<ServerPki> {
  const name = 'server'
  const members = [{ name, architecture: 'amd64' as const }]
  // The version decides nothing here: no member of etcd uses these certificates.
  const spec = clusterSpec({ version: '3.5.16', members, tls: { key: 'ecdsa-p256' } })
  const issued = await issueCluster(spec, { [name]: '127.0.0.1' })
  const server = issued.members[name]?.server
  if (server === undefined) throw new RangeError(`Expected a certificate of \`${name}\`, got none`)
  return { caPem: issued.caPem, server, client: issued.client }
}
