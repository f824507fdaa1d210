import {
  type Drill,
  done,
  type MemberLeaf,
  notYet,
  type Scenario,
  withOptionsForVersion,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { withinOneElection } from '../shared/objectives.ts'
import { logPositions, needsMutualTls, untilReason } from './expectations.ts'

/** A certificate with which a member may not join, and how etcd says so. */
interface WrongCertificate {
  readonly name: string
  readonly title: string
  readonly leaf: () => MemberLeaf
  readonly reason: RegExp
  /** etcd options that make it wrong. */
  readonly options?: Readonly<Record<string, string>>
}

const dayMs = 24 * 3_600_000

const wrongCertificates: readonly WrongCertificate[] = [
  {
    name: 'expired-member',
    title: 'A member with an expired certificate is kept out until it is renewed',
    leaf: () => ({
      notBefore: new Date(Date.now() - 2 * dayMs),
      notAfter: new Date(Date.now() - dayMs),
    }),
    reason: /certificate has expired/,
  },
  {
    name: 'wrongly-named-member',
    title: 'A member whose certificate names another host is kept out until it is renewed',
    leaf: () => ({ sans: ['elsewhere.example'] }),
    reason: /does not match any of DNSNames|certificate is valid for|doesn't contain any IP SANs/,
  },
  {
    name: 'unlisted-member',
    title: 'A member without the allowed common name is kept out until it is renewed',
    leaf: () => ({ commonName: 'stranger' }),
    reason: /CommonName authentication failed|client certificate authentication failed/,
    options: { 'peer-cert-allowed-cn': 'gauntlet-peer' },
  },
]

export const refusedMembers: readonly Scenario[] = wrongCertificates.map((wrong) => ({
  id: `certificates/${wrong.name}`,
  title: wrong.title,
  depth: 'full',
  minMembers: 3,
  notApplicable: needsMutualTls,
  adjustSpec: (spec) => withOptionsForVersion(spec, wrong.options ?? {}),
  workload: workloads.steady,
  faults: [],
  objectives: withinOneElection,
  act: (drill) => keepOut(drill, wrong),
}))

async function keepOut(drill: Drill, { leaf, reason, name }: WrongCertificate): Promise<void> {
  const { members } = drill.cluster
  const follower = await oneFollower(drill)
  const wrong = drill.window(name, 'changes', [follower])
  const positions = await logPositions(members)
  await follower.stop()
  await follower.renewCertificates(leaf())
  await follower.start()
  await untilReason(drill, positions, reason)
  await drill.untilServing()
  drill.expect(
    'wrong-certificate-kept-out',
    `${follower.name} stays out with its wrong certificate`,
    !(await follower.isHealthy()),
    'a healthy member',
  )
  await follower.renewCertificates()
  await drill.becomes(
    'renewed-member-joins',
    `${follower.name} to join with its new certificate, without a restart`,
    async () => ((await follower.isHealthy()) ? done(undefined) : notYet('not healthy')),
  )
  await wrong.undo()
}
