import { type Drill, etcd, type Scenario, workloads } from '../../harness/index.ts'
import { connectTo } from '../shared/connect.ts'
import {
  credentialsOf,
  expectRefused,
  needsMutualTls,
  refusalOf,
  untilNewConnectionServes,
} from './expectations.ts'

const listFile = '/etc/etcd/pki/revoked.crl'

/** etcd reads the list at each handshake: a connection that it has accepted stays. */
export const revocation: Scenario = {
  id: 'certificates/revoked-client',
  title: 'A revoked client gets no new connection, and keeps the one it has',
  depth: 'full',
  notApplicable: needsMutualTls,
  adjustSpec: (spec) => ({
    ...spec,
    options: { 'client-crl-file': listFile, ...spec.options },
  }),
  workload: workloads.steady,
  faults: [],
  act: revokeClient,
}

async function revokeClient(drill: Drill): Promise<void> {
  const { members, certificates } = drill.cluster
  const member = await drill.cluster.leader()
  const credentials = await certificates.issueClient('root')
  const client = connectTo(member, { credentials })
  using _closing = { [Symbol.dispose]: client.close }
  await etcd.range(client, { key: 'k0' })
  const revoked = drill.window('client-revoked', 'changes', members)
  await certificates.revoke(credentials.certPem)
  for (const each of members) await each.installCertificates()
  await expectRefused(drill, {
    id: 'revoked-client-refused',
    sentence: 'a new connection of a revoked client is refused',
    member,
    credentials,
    reason: /revoked|certificate serial/i,
  })
  await drill.inTime(
    'revoked-connection-stays',
    'the connection that the revoked client had to be served',
    async () => void (await etcd.range(client, { key: 'k0' })),
  )
  drill.mark('note', 'the connection that the revoked client had is still served', member)
  await untilNewConnectionServes(drill, member)
  drill.expect(
    'others-not-revoked',
    'a client that is not revoked is served',
    (await refusalOf(drill, member, credentialsOf(drill))) === undefined,
    'a refusal',
  )
  await revoked.undo()
}
