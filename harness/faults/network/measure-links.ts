import type { Cluster, Member } from '../../cluster/types.ts'
import { FaultError } from '../define-fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { outgoing } from './links.ts'
import { inNamespace } from './namespace.ts'

/** Measures between members' network namespaces, beside etcd: round trips and rates. */

const firstTransferPort = 9_000

/** Some member at the other end of a target's outgoing links. */
export function firstPeer(cluster: Cluster, targets: readonly Member[], member: Member): Member {
  const link = outgoing(cluster, targets).find(({ from }) => from === member)
  if (link !== undefined) return link.to
  throw new FaultError(`Expected ${member.name} to send to another member, got none`)
}

/** The median of some exchanges with a member's peer port, each on a connection of its own. */
export async function roundTripMs(
  cluster: Cluster,
  { from, to, count = 7 }: { readonly from: Member; readonly to: Member; readonly count?: number },
): Promise<number> {
  const said = await inNamespace(from, [
    ...toolboxProgram('round-trip.py', to.address, cluster.spec.ports.peer),
    `--count=${count}`,
  ])
  if (Number.isFinite(Number(said))) return Number(said)
  throw new FaultError(`Expected an exchange of ${from.name} with ${to.name}, got ${said}`)
}

/** How long so many bytes take to arrive in another member's namespace. */
export async function transferMs(from: Member, to: Member, bytes: number): Promise<number> {
  const port = transferPortOf(from)
  const [tookMs] = await Promise.all([
    inNamespace(to, toolboxProgram('receive-bytes.py', port, bytes)),
    inNamespace(from, toolboxProgram('send-bytes.py', to.address, port, bytes)),
  ])
  return Number(tookMs)
}

/** Several members may measure the way to one other at the same time: each has a port of its own. */
export function transferPortOf({ address }: Pick<Member, 'address'>): number {
  return firstTransferPort + Number(address.split('.').at(-1))
}
