import type { Member } from '../../cluster/types.ts'
import { defineFault, forAll, nothingToUndo } from '../define.ts'
import { bothWays, groupBy, type Link, linkFault } from './links.ts'
import { inNamespace } from './namespace.ts'

/**
 * Answers every segment between the targets and the others with a reset: nothing connects. The
 * resets themselves pass, or the sender would wait for them in vain.
 */
export const refuseConnections = linkFault({
  name: 'refuse-connections',
  description: 'answers every TCP segment between the targets and the others with a reset',
  links: bothWays,
  verdict: '-p tcp ! --tcp-flags RST RST -j REJECT --reject-with tcp-reset',
})

/** Resets the peer connections that there are, once. They are made anew: nothing to undo. */
export const resetConnections = defineFault({
  name: 'reset-connections',
  description: 'resets every connection between the targets and the others, once',
  needs: { capabilities: ['sidecar'], minMembers: 2 },
  inject: async (cluster, targets) => {
    const links = [...groupBy(bothWays(cluster, targets), 'from')]
    const cut = await forAll(links, ([member, own]) => cutConnections(member, own))
    return nothingToUndo(`${cut.reduce((sum, one) => sum + one, 0)} connections reset`)
  },
})

/** Destroys the sockets at one end, which resets the other. Returns how many there were. */
export async function cutConnections(member: Member, links: readonly Link[]): Promise<number> {
  const peers = links.map(({ to }) => `dst ${to.address}`).join(' or ')
  const cut = await inNamespace(member, ['ss', '-K', '-tnH', `( ${peers} )`])
  return cut === '' ? 0 : cut.split('\n').length
}
