import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import type { Fault } from '../fault.ts'
import { bothWays, type Link, linkFault, outgoing, reversed } from './links.ts'

const drop = '-j DROP'

/** Cuts the targets off from every other member, and each from each when all are targets. */
export const isolate = linkFault({
  name: 'isolate',
  description: 'drops all packets between the targets and the other members; clients reach both',
  links: bothWays,
  verdict: drop,
})

/** The targets' packets no longer reach the others; what the others send still arrives. */
export const dropOutgoing = linkFault({
  name: 'drop-outgoing',
  description: 'drops what the targets send to the other members; what these send arrives',
  links: outgoing,
  verdict: drop,
})

/** The others' packets no longer reach the targets; what the targets send still arrives. */
export const dropIncoming = linkFault({
  name: 'drop-incoming',
  description: 'drops what the other members send to the targets; what these send arrives',
  links: (cluster, targets) => reversed(outgoing(cluster, targets)),
  verdict: drop,
})

/**
 * Splits the cluster into the given groups of member names: within a group all is well, between
 * groups nothing arrives. Members that are in no group form one more. The targets are only noted.
 */
export function partition(groups: readonly (readonly string[])[]): Fault {
  return linkFault({
    name: 'partition',
    description: `drops all packets between groups of members: ${describe(groups)}`,
    links: (cluster) => linksBetween(cluster, groups),
    verdict: drop,
  })
}

function linksBetween(cluster: Cluster, groups: readonly (readonly string[])[]): Link[] {
  const names = groups.flat()
  for (const name of names) cluster.member(name)
  if (new Set(names).size !== names.length) {
    throw new InputError(`Expected every member in one group, got ${describe(groups)}`)
  }
  const rest = -1
  const groupOf = (name: string) => {
    const index = groups.findIndex((group) => group.includes(name))
    return index < 0 ? rest : index
  }
  return cluster.members.flatMap((from) =>
    cluster.members
      .filter((to) => groupOf(from.name) !== groupOf(to.name))
      .map((to) => ({ from, to })),
  )
}

function describe(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(' ')).join(' | ')
}
