import { once } from 'node:events'
import { connect } from 'node:net'
import type { ClusterSpec, Member } from '../../harness/index.ts'
import { type KnownBug, singleMember } from './known-bug.ts'

/** etcd's own deadline of a handshake is 10 s (client/pkg/transport, tlsHandshakeTimeout). */
const endsWithinMs = 20_000

/**
 * https://github.com/etcd-io/etcd/security/advisories/GHSA-6vch-q96h-7gc3: etcd waits for a TLS handshake
 * for ever, so that a client without a certificate may take all its connections.
 *
 * Here: a client connects and sends nothing, and waits until etcd ends the connection.
 */
export const ghsa6vch: KnownBug = {
  name: 'ghsa-6vch-q96h-7gc3',
  issue: 'GHSA-6vch-q96h-7gc3',
  summary: 'a TLS handshake has no deadline: silent clients take connections for ever',
  fixedIn: ['3.5.33', '3.6.14', '3.7.1'],
  shownOn: ['3.5.30', '3.5.16', '3.4.23', '3.3.25'],
  cleanOn: [],
  isLeftOutOfCi: true,
  symptom: { expectations: ['silent-handshake-ends'] },
  scenario: {
    title: 'etcd ends a handshake in which the client sends nothing',
    adjustSpec: singleMember,
    notApplicable: ({ tls }: ClusterSpec) =>
      tls.client === 'none' ? 'clients use no TLS here' : undefined,
    act: async (drill) => {
      const [member] = drill.cluster.members as [Member]
      const silent = drill.window('silent-handshake', 'degrades', [])
      const isEnded = await untilEnded(member)
      drill.expect(
        'silent-handshake-ends',
        `a silent connection to end within ${endsWithinMs} ms`,
        isEnded,
        'an open connection',
      )
      await silent.undo()
    },
  },
}

/** Whether the member ended a connection on which the client sent nothing, in time. */
async function untilEnded({ clientEndpoint }: Member): Promise<boolean> {
  const { hostname, port } = new URL(clientEndpoint)
  const socket = connect(Number(port), hostname)
  const signal = AbortSignal.timeout(endsWithinMs)
  try {
    socket.resume()
    await once(socket, 'close', { signal })
    return true
  } catch {
    return !signal.aborted
  } finally {
    socket.destroy()
  }
}
