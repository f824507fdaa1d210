import {
  type ClusterSpec,
  type Drill,
  faults,
  fiveMembers,
  inVariants,
  type Objective,
  type Scenario,
  timing,
  workloads,
} from '../../harness/index.ts'
import { countFailedSince, needsMutualTls, untilNewConnectionServes } from './expectations.ts'

export const renewal: readonly Scenario[] = inVariants(
  {
    id: 'certificates/leaf-renewal',
    title: 'Renewing every certificate while members run causes no outage',
    depth: 'ci',
    notApplicable: needsMutualTls,
    workload: workloads.steady,
    faults: [faults.rotateCertificates],
    objectives: noOutage,
    act: renewLeaves,
  },
  [fiveMembers],
)

/** etcd reads certificates at each handshake, and keeps the connections that it has. */
function noOutage(spec: ClusterSpec): Objective[] {
  const bound = {
    atMost: 2 * timing.steadyMs(spec),
    from: `ten heartbeats of ${spec.heartbeatIntervalMs} ms`,
  }
  return [
    { measure: 'writeOutageMs', ...bound },
    { measure: 'readOutageMs', ...bound },
  ]
}

/** One member after the other, then the client: its requests go on over new connections. */
async function renewLeaves(drill: Drill): Promise<void> {
  const { cluster } = drill
  const sinceNs = drill.nowNs()
  for (const member of cluster.members) {
    const rotated = await drill.inject(faults.rotateCertificates, [member])
    await rotated.undo()
    await untilNewConnectionServes(drill, member)
  }
  await cluster.certificates.renewClient()
  await drill.untilServing()
  const { ended, failed, refused } = countFailedSince(drill, sinceNs)
  drill.mark('note', `${failed} of ${ended} requests failed during the renewal`)
  drill.expect(
    'renewal-refuses-no-client',
    'no request to fail for a certificate during the renewal',
    refused === 0,
    `${refused} of ${ended}`,
  )
}
