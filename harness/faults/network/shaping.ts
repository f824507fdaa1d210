import type { Cluster, Member } from '../../cluster/types.ts'
import { forAll, idempotentUndo, injectOrUndo } from '../define-fault.ts'
import type { Undo } from '../fault.ts'
import { toolboxProgram } from '../toolbox.ts'
import { groupBy, type Link } from './links.ts'
import { addRules, drawToken, healNamespace, inNamespace, removeRules } from './namespace.ts'

/** Every member has one network and no other. */
const device = 'eth0'

export interface LinkShape {
  /** Of all that a sender sends to its peers, together. Default: as fast as the machine can. */
  readonly bytesPerS?: number
  /** A queue below, as tc's words: `netem`, `delay`, `50ms`. */
  readonly leaf?: readonly string[]
}

/**
 * Gives what the senders send to their peers a class of its own; clients are not touched. Classes
 * are htb's, packets get theirs from iptables: few kernels are without these. One shape a member
 * at a time: a second one throws.
 */
export function shapeLinks(
  cluster: Cluster,
  links: readonly Link[],
  shape: LinkShape,
  detail: string,
): Promise<Undo> {
  const token = drawToken()
  const senders = [...groupBy(links, 'from')]
  const marking = { table: 'mangle', hook: 'OUTPUT' } as const
  const heal = async ([member]: readonly [Member, unknown]) => {
    await removeRules(cluster, token, { member, ...marking })
    await removeQueue(cluster, member, handleOf(token))
  }
  return injectOrUndo(
    () =>
      forAll(senders, async ([member, own]) => {
        await inNamespace(member, shapingProgram(shape, handleOf(token)))
        const rules = own.map(
          ({ to }) => `-d ${to.address} -j CLASSIFY --set-class ${handleOf(token)}:10`,
        )
        await addRules(token, { member, ...marking, rules })
      }),
    idempotentUndo(async () => {
      await forAll(senders, heal)
    }, detail),
  )
}

/** Only that of this handle: another fault's stays. */
function removeQueue(cluster: Cluster, member: Member, handle: string): Promise<void> {
  return healNamespace(cluster, member, toolboxProgram('unshape-traffic.sh', device, handle))
}

/** tc's handles are 16 bits; the token's last ones tell two injections apart. */
function handleOf(token: string): string {
  return ((Number.parseInt(token.slice(-4), 16) & 0x7ff0) | 0x10).toString(16)
}

function shapingProgram({ bytesPerS, leaf = [] }: LinkShape, handle: string): string[] {
  const rate = bytesPerS === undefined ? '10gbit' : `${8 * bytesPerS}bit`
  const burst = burstBytes(bytesPerS)
  return toolboxProgram('shape-traffic.sh', device, handle, rate, burst, ...leaf)
}

/** A hundredth of a second's worth, and at least two packets. Unlimited: a whole socket buffer. */
function burstBytes(bytesPerS = 10e9 / 8): number {
  return Math.max(3_200, Math.round(bytesPerS / 100))
}
