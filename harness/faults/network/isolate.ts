import { linkFault } from './link-fault.ts'
import { bothWays } from './links.ts'

/** Cuts the targets off from every other member, and each from each when all are targets. */
export const isolate = linkFault({
  name: 'isolate',
  description: 'drops all packets between the targets and the other members; clients reach both',
  effect: 'cuts',
  links: bothWays,
  jump: 'DROP',
})
