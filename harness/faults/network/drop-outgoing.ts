import { linkFault } from './link-fault.ts'
import { outgoing } from './links.ts'

/** The targets' packets no longer reach the others; what the others send still arrives. */
export const dropOutgoing = linkFault({
  name: 'drop-outgoing',
  description: 'drops what the targets send to the other members; what these send arrives',
  effect: 'cuts',
  links: outgoing,
  jump: 'DROP',
})
