import type { Cluster, Door } from '../../cluster/types.ts'
import { probePackets } from '../network/dropped-packets.ts'
import { filterIncoming } from '../network/link-fault.ts'
import type { Link, Node } from '../network/links.ts'
import { drawToken, faultTagOf } from '../network/namespace.ts'
import { doorFault } from './door-fault.ts'

const name = 'isolate-door'
const jump = 'DROP'
const tag = faultTagOf(`${name} -j ${jump}`)

/** Cuts a gateway or proxy off from every member; clients go on reaching it. */
export const isolateDoor = doorFault({
  name,
  description: 'drops all packets between a gateway or proxy and the members; clients reach it',
  effect: 'cuts',
  needs: { capabilities: ['sidecar', 'iptables'] },
  isGradual: true,
  probe: probePackets<Node, Door>({ links: linksToMembers, jump, tag }),
  inject: (cluster, doors) =>
    filterIncoming(cluster, linksToMembers(cluster, doors), {
      verdict: `-j ${jump}`,
      token: drawToken(tag),
    }),
})

function linksToMembers({ members }: Cluster, doors: readonly Door[]): Link<Node>[] {
  return doors.flatMap((door) =>
    members.flatMap((member) => [
      { from: door, to: member },
      { from: member, to: door },
    ]),
  )
}
