import { done, etcd, type Member, messageOf, notYet } from '../../harness/index.ts'
import { connectTo } from '../shared/connect.ts'
import { stopClients } from '../shared/stop-clients.ts'
import { type KnownBug, singleMember, withoutClients } from './known-bug.ts'

const listFile = '/etc/etcd/pki/revoked.crl'

/**
 * https://github.com/etcd-io/etcd/security/advisories/GHSA-3wh4-j44w-pg92: with a port of its own for HTTP,
 * etcd does not look at the list of revoked clients on the port of gRPC.
 *
 * Here: a client is revoked, and connects.
 */
export const ghsa3wh4: KnownBug = {
  name: 'ghsa-3wh4-j44w-pg92',
  issue: 'GHSA-3wh4-j44w-pg92',
  summary: 'with `--listen-client-http-urls` a revoked client is served',
  fixedIn: ['3.5.32', '3.6.13', '3.7.0'],
  shownOn: ['3.5.30', '3.5.16'],
  cleanOn: [],
  isLeftOutOfCi: true,
  symptom: { expectations: ['revoked-client-refused-beside-http'] },
  scenario: {
    ...withoutClients,
    title: 'A revoked client is refused where HTTP has a port of its own',
    adjustSpec: (spec) => {
      const one = singleMember(spec)
      return { ...one, options: { 'client-crl-file': listFile, ...one.options } }
    },
    notApplicable: ({ tls }) =>
      tls.client === 'mutual' ? undefined : 'clients show no certificates to this cluster',
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      const { certificates } = drill.cluster
      const [good, revoked] = [
        await certificates.issueClient('root'),
        await certificates.issueClient('root'),
      ]
      await certificates.revoke(revoked.certPem)
      await stopClients(drill)
      const options = { 'listen-client-http-urls': 'https://0.0.0.0:2382' }
      await member.recreate({ options })
      const read = async (credentials: typeof good) => {
        const client = connectTo(member, { credentials })
        return etcd
          .range(client, { key: 'k0' })
          .then(() => undefined, messageOf)
          .finally(client.close)
      }
      await drill.becomes('client-served-beside-http', 'a client to be served', async () => {
        const refusal = await read(good)
        return refusal === undefined ? done(undefined) : notYet(refusal)
      })
      const refusal = await read(revoked)
      drill.expect(
        'revoked-client-refused-beside-http',
        'a revoked client is refused on the port of gRPC',
        refusal !== undefined,
        'an answer',
      )
    },
  },
}
