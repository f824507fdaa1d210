import type { Cluster, Member } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'
import { defineFault, forAll, nothingToUndo } from '../define-fault.ts'
import { bothWays, groupBy, type Link, outgoing } from './links.ts'
import { inNamespace } from './namespace.ts'

/** Resets the peer connections that there are, once. etcd makes new ones: nothing to undo. */
export const resetConnections = defineFault({
  name: 'reset-connections',
  description: 'resets every connection between the targets and the others, once',
  effect: 'cuts',
  needs: { capabilities: ['sidecar'], minMembers: 2 },
  probe: compareReadings<readonly string[]>({
    expected: 'none of the connections with the other members to be left',
    what: 'connections',
    read: listConnections,
    isObserved: (before, now) => before.length > 0 && !before.some((one) => now.includes(one)),
    format: (connections) => connections.join(', ') || 'none',
  }),
  inject: async (cluster, targets) => {
    const links = [...groupBy(bothWays(cluster, targets), 'from')]
    const cut = await forAll(links, ([member, own]) => cutConnections(member, own))
    return nothingToUndo(`${cut.reduce((sum, one) => sum + one, 0)} connections reset`)
  },
})

/** Destroys the sockets at one end, which resets the other. Returns how many there were. */
export async function cutConnections(member: Member, links: readonly Link[]): Promise<number> {
  const cut = await inNamespace(member, ['ss', '-K', '-tnH', peersOf(links)])
  return cut === '' ? 0 : cut.split('\n').length
}

/** The established ones, each by its two ends. */
async function listConnections(
  member: Member,
  cluster: Cluster,
  targets: readonly Member[],
): Promise<string[]> {
  const peers = peersOf(outgoing(cluster, targets).filter(({ from }) => from === member))
  const listed = await inNamespace(member, ['ss', '-tnH', 'state', 'established', peers])
  const lines = listed.split('\n').filter((line) => line !== '')
  return lines.map((line) => line.trim().split(/\s+/).slice(2, 4).join(' to '))
}

function peersOf(links: readonly Link[]): string {
  return `( ${links.map(({ to }) => `dst ${to.address}`).join(' or ')} )`
}
