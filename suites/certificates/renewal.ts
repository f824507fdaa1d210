import {
  type Drill,
  faults,
  fiveMembers,
  inVariants,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { noOutage } from '../shared/objectives.ts'
import { countFailedSince, needsMutualTls, rotateInTurn } from './expectations.ts'

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

/**
 * One member after the other, then the client: its requests go on over new connections. etcd reads
 * certificates at each handshake, and keeps the connections that it has.
 */
async function renewLeaves(drill: Drill): Promise<void> {
  const { cluster } = drill
  const sinceNs = drill.nowNs()
  await rotateInTurn(drill)
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
