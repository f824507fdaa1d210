import { linkFault } from './link-fault.ts'
import { incoming } from './links.ts'

/** The others' packets no longer reach the targets; what the targets send still arrives. */
export const dropIncoming = linkFault({
  name: 'drop-incoming',
  description: 'drops what the other members send to the targets; what these send arrives',
  effect: 'cuts',
  links: incoming,
  jump: 'DROP',
})
