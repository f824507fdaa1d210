import { linkFault } from './link-fault.ts'
import { bothWays } from './links.ts'

/**
 * Answers every segment between the targets and the others with a reset: nothing connects. The
 * resets themselves pass, or the sender would wait for them in vain.
 */
export const refuseConnections = linkFault({
  name: 'refuse-connections',
  description: 'answers every TCP segment between the targets and the others with a reset',
  effect: 'cuts',
  links: bothWays,
  match: '-p tcp ! --tcp-flags RST RST',
  jump: 'REJECT --reject-with tcp-reset',
})
