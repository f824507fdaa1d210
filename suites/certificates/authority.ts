import {
  type Drill,
  faults,
  fiveMembers,
  inVariants,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { leaderLast } from '../shared/by-role.ts'
import { withinOneElection } from '../shared/objectives.ts'
import { restartUntilHealthy } from '../shared/restart.ts'
import {
  countFailedSince,
  credentialsOf,
  expectRefused,
  needsMutualTls,
  rotateInTurn,
} from './expectations.ts'

export const authority: readonly Scenario[] = inVariants(
  {
    id: 'certificates/ca-change',
    title: 'A CA is replaced through a bundle of both without an outage longer than one election',
    depth: 'full',
    minMembers: 3,
    notApplicable: needsMutualTls,
    workload: workloads.steady,
    faults: [faults.restart, faults.rotateCertificates],
    objectives: withinOneElection,
    act: changeAuthority,
  },
  [fiveMembers],
)

/**
 * Members and clients trust both CAs before the new one signs, and the old one goes when it has signed
 * nothing that is in use. etcd reads certificates at each handshake but trusted CAs when it starts.
 */
async function changeAuthority(drill: Drill): Promise<void> {
  const { certificates } = drill.cluster
  const sinceNs = drill.nowNs()
  const former = credentialsOf(drill)
  await certificates.changeAuthority('trust-both')
  await restartWithTrust(drill)
  await certificates.changeAuthority('sign-with-new')
  await rotateInTurn(drill)
  await certificates.changeAuthority('trust-new')
  await restartWithTrust(drill)
  await drill.untilServing()
  const { ended, failed } = countFailedSince(drill, sinceNs)
  drill.mark('note', `${failed} of ${ended} requests failed during the change of the CA`)
  await expectFormerRefused(drill, former)
}

/** One at a time, the leader last. */
async function restartWithTrust(drill: Drill): Promise<void> {
  for (const member of await leaderLast(drill)) {
    await member.installCertificates()
    await restartUntilHealthy(drill, member)
  }
}

/** Everyone else goes on: a client of the former CA is refused, and etcd says why. */
async function expectFormerRefused(
  drill: Drill,
  former: ReturnType<typeof credentialsOf>,
): Promise<void> {
  const { caPem } = credentialsOf(drill)
  await expectRefused(drill, {
    id: 'former-ca-client-refused',
    sentence: 'a client of the former CA is refused',
    member: await drill.cluster.leader(),
    credentials: { ...former, caPem },
    reason: /unknown authority/,
  })
}
