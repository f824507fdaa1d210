import type { Cluster } from '../../cluster/types.ts'
import {
  defineFault,
  type FaultOnMembers,
  forAll,
  idempotentUndo,
  injectOrUndo,
} from '../define-fault.ts'
import type { Fault, Undo } from '../fault.ts'
import { type Jump, probePackets } from './dropped-packets.ts'
import { groupBy, type Link, type LinksOf, type Node } from './links.ts'
import { addRules, drawToken, faultTagOf, type Rules, removeRules } from './namespace.ts'

export interface LinkFault extends Pick<FaultOnMembers, 'name' | 'description' | 'effect'> {
  readonly capabilities?: readonly string[]
  readonly links: LinksOf
  /** iptables' arguments that match what comes from there, before the jump. */
  readonly match?: string
  /** `DROP`, or `REJECT` with its arguments. */
  readonly jump: Jump | `REJECT ${string}`
}

/**
 * Filters packets where they arrive, in the receivers' namespaces: what was sent is lost on the way,
 * and the sender does not learn of it. Clients come from other addresses and are not touched: one
 * can see what a minority answers. A receiver that is restarted loses its rules; a link that is cut
 * both ways stays cut as long as one of its ends was not.
 */
export function linkFault(fault: LinkFault): Fault {
  const { name, description, effect, links, match = '', jump } = fault
  const { capabilities = ['sidecar', 'iptables'] } = fault
  const verdict = `${match} -j ${jump}`.trim()
  const tag = faultTagOf(`${name} ${verdict}`)
  return defineFault({
    name,
    description,
    effect,
    isGradual: true,
    needs: { minMembers: 2, capabilities },
    probe: probePackets({ links, jump: jump === 'DROP' ? 'DROP' : 'REJECT', tag }),
    inject: (cluster, targets) =>
      filterIncoming(cluster, links(cluster, targets), { verdict, token: drawToken(tag) }),
  })
}

/** Where packets arrive, at the links' ends. */
export function filterIncoming(
  cluster: Cluster,
  links: readonly Link<Node>[],
  { verdict, token }: { readonly verdict: string; readonly token: string },
): Promise<Undo> {
  const all = [...groupBy(links, 'to')].map(
    ([member, arriving]): Rules => ({
      member,
      table: 'filter',
      hook: 'INPUT',
      rules: arriving.map(({ from }) => `-s ${from.address} ${verdict}`),
    }),
  )
  return injectOrUndo(
    () => forAll(all, (rules) => addRules(token, rules)),
    idempotentUndo(async () => {
      await forAll(all, (rules) => removeRules(cluster, token, rules))
    }),
  )
}
