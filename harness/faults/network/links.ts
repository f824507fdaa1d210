import type { Cluster, Member } from '../../cluster/types.ts'
import { defineFault, forAll, idempotentUndo, injectOrUndo } from '../define.ts'
import type { Fault, FaultNeeds } from '../fault.ts'
import { addRules, drawToken, type Rules, removeRules } from './namespace.ts'

/** What one member sends to another. */
export interface Link {
  readonly from: Member
  readonly to: Member
}

export type LinksOf = (cluster: Cluster, targets: readonly Member[]) => readonly Link[]

/** From every target to every other member; when all are targets, from each to each. */
export function outgoing(cluster: Cluster, targets: readonly Member[]): Link[] {
  const areAll = targets.length === cluster.members.length
  return targets.flatMap((from) =>
    cluster.members
      .filter((to) => (areAll ? to !== from : !targets.includes(to)))
      .map((to) => ({ from, to })),
  )
}

export function reversed(links: readonly Link[]): Link[] {
  return links.map(({ from, to }) => ({ from: to, to: from }))
}

export function bothWays(cluster: Cluster, targets: readonly Member[]): Link[] {
  const links = outgoing(cluster, targets)
  return targets.length === cluster.members.length ? links : [...links, ...reversed(links)]
}

/** By the member that a link ends or starts at. */
export function groupBy(links: readonly Link[], end: keyof Link): Map<Member, readonly Link[]> {
  return Map.groupBy(links, (link) => link[end])
}

export interface LinkFault {
  readonly name: string
  readonly description: string
  readonly needs?: FaultNeeds
  readonly links: LinksOf
  /** iptables' arguments that match and judge what comes from there. */
  readonly verdict: string
}

/**
 * Judges packets where they arrive, in the receivers' namespaces: what was sent is lost on the way,
 * and the sender does not learn of it. Clients come from other addresses and are not touched: one
 * can see what a minority answers. A receiver that is restarted loses its rules; a link that is cut
 * both ways stays cut as long as one of its ends was not.
 */
export function linkFault({ name, description, needs, links, verdict }: LinkFault): Fault {
  return defineFault({
    name,
    description,
    needs: {
      minMembers: 2,
      ...needs,
      capabilities: needs?.capabilities ?? ['sidecar', 'iptables'],
    },
    inject: (cluster, targets) => filterIncoming(cluster, links(cluster, targets), verdict),
  })
}

export function filterIncoming(cluster: Cluster, links: readonly Link[], verdict: string) {
  const token = drawToken()
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
