import { connectEngine } from '../engine/connect.ts'
import { generateKey, type PreparedKeys, prepareKeys } from '../pki/keys.ts'
import { enableAuthentication } from './authentication.ts'
import { issueCertificates, needsCertificates } from './certificates.ts'
import { startBootstrapServer } from './infrastructure/bootstrap-server.ts'
import {
  createInfrastructure,
  type Infrastructure,
  type MemberPorts,
} from './infrastructure/infrastructure.ts'
import { RunningMember } from './member/running-member.ts'
import type { ClusterPlan } from './plan.ts'
import { RunningCluster } from './running-cluster.ts'
import type { Cluster } from './types.ts'

/**
 * Starts a cluster as the plan says and returns when every member is healthy over its client port
 * and all know the same leader, with authentication on and doors open where the spec has it. When that
 * fails nothing is left behind but the logs in `saveLogsTo`; a MemberExitedError names a member that
 * exited, with its last lines.
 */
export async function startCluster(plan: ClusterPlan): Promise<Cluster> {
  const { spec } = plan
  const keys = needsCertificates(spec) ? prepareKeys(spec) : undefined
  keys?.catch(() => {})
  await using unwinding = new AsyncDisposableStack()
  const infrastructure = unwinding.use(await createInfrastructure(await connectEngine(), plan))
  const cluster = unwinding.use(await placeMembers(infrastructure, keys))
  await cluster.launch()
  if (plan.awaitHealthy !== false) {
    await cluster.untilUp()
    if (spec.auth !== undefined) await enableAuthentication(cluster.anyMember)
    await cluster.openDoors()
  }
  unwinding.move()
  return cluster
}

/** Gives every member its address, ports and certificates; starts none. */
async function placeMembers(
  infrastructure: Infrastructure,
  keys: Promise<PreparedKeys> | undefined,
): Promise<RunningCluster> {
  const { addressOf, plan, network } = infrastructure
  const { spec } = plan
  const addresses = Object.fromEntries(spec.members.map(({ name }) => [name, addressOf(name)]))
  const certificates =
    keys === undefined ? Promise.resolve(undefined) : issueCertificates(spec, addresses, keys)
  certificates.catch(() => {})
  const server = await startBootstrapServer(infrastructure)
  const tokenKeys =
    spec.auth?.token === 'jwt' ? generateKey('rsa-2048') : Promise.resolve(undefined)
  const ports = await infrastructure.portsFor(spec.members.length)
  const members = spec.members.map(
    ({ name, architecture }, index) =>
      new RunningMember({
        infrastructure,
        certificates,
        tokenKeys,
        settings: plan.settings?.[name] ?? {},
        home: {
          name,
          architecture,
          address: addressOf(name),
          addresses,
          ...server,
          network: network.name,
          ...(ports[index] as MemberPorts),
        },
      }),
  )
  return new RunningCluster({ infrastructure, certificates, tokenKeys }, members)
}
