import { randomBytes } from 'node:crypto'
import { startCluster } from '../../cluster/start.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { stderrLog } from '../../core/log.ts'
import { resolveImage } from '../../engine/images/resolve.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { type ConnectOptions, connectMember, type MemberClient } from '../member-client.ts'

/** A cluster of three members and a client of each; disposing closes and removes them. */
export interface ClientCluster extends AsyncDisposable {
  readonly cluster: Cluster
  readonly clients: readonly MemberClient[]
  /** One more client, which the caller closes. Requests end after a second. */
  connect(member: Member, overrides?: Partial<ConnectOptions>): MemberClient
}

export async function startClientCluster(): Promise<ClientCluster> {
  const image = await resolveImage({ architecture: 'native', allowBuild: true, log: stderrLog() })
  const cluster = await startCluster({
    spec: clusterSpec({ version: image.version, architecture: image.architecture }),
    runId: `suite-client-${randomBytes(4).toString('hex')}`,
    image: image.reference,
  })
  const { credentials } = cluster
  const connect = ({ name, clientEndpoint: endpoint }: Member, overrides = {}) =>
    connectMember({ member: name, endpoint, credentials, timeoutMs: 1_000, ...overrides })
  const clients = cluster.members.map((member) => connect(member))
  return {
    cluster,
    clients,
    connect,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close()
      await cluster[Symbol.asyncDispose]()
    },
  }
}
