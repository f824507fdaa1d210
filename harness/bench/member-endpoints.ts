import { range } from '../client/kv.ts'
import { connectMember } from '../client/member-client.ts'
import type { Cluster } from '../cluster/types.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import { clientUrl } from '../topology/urls.ts'

/** The two ways to a member: on the cluster's own network, and by the port that the engine publishes. */
export interface MemberEndpoints {
  readonly name: string
  readonly direct: string
  readonly published: string
}

/** As `chooseEndpoints`, for a cluster that was started here. */
export function endpointsOf({ members, spec, credentials }: Cluster) {
  const ways = members.map(({ name, address, clientEndpoint: published }) => ({
    name,
    direct: clientUrl(spec, address),
    published,
  }))
  return chooseEndpoints(ways, credentials)
}

/** An address that no route leads to answers nothing at all. */
const timeoutMs = 2_000

/**
 * The endpoint of each member by its name: the direct one where this machine reaches all members so,
 * as it does beside a local engine on Linux. A published port is a process of the engine that copies
 * every byte, which costs more than the generator does.
 */
export async function chooseEndpoints(
  members: readonly MemberEndpoints[],
  credentials: TlsCredentials | undefined,
): Promise<ReadonlyMap<string, string>> {
  const reached = await Promise.all(
    members.map(({ name, direct }) => answers({ member: name, endpoint: direct, credentials })),
  )
  const isDirect = reached.every(Boolean)
  return new Map(
    members.map(({ name, direct, published }) => [name, isDirect ? direct : published]),
  )
}

/** Whether a member serves there, with a certificate for that address. */
async function answers(
  way: Omit<Parameters<typeof connectMember>[0], 'timeoutMs'>,
): Promise<boolean> {
  const client = connectMember({ ...way, timeoutMs })
  try {
    await range(client, { key: 'none', serializable: true })
    return true
  } catch {
    return false
  } finally {
    client.close()
  }
}
